/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */
#ifndef DOUBLE_LIBC_MATH_H
#define DOUBLE_LIBC_MATH_H

double fabs(double value);
double floor(double value);
double ceil(double value);
double sqrt(double value);
double pow(double base, double exponent);
double log10(double value);
long lrint(double value);

#endif
