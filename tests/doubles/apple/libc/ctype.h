/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_LIBC_CTYPE_H
#define DOUBLE_LIBC_CTYPE_H

int tolower(int character);
int toupper(int character);
int isdigit(int character);
int isspace(int character);

#endif
