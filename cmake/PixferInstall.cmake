# SPDX-FileCopyrightText: the pixfer authors
# SPDX-License-Identifier: MIT
