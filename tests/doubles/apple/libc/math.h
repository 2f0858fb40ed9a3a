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
double log(double value);
double cos(double value);
double fmax(double a, double b);
double ldexp(double value, int exponent);
double frexp(double value, int *exponent);
long lrint(double value);

#endif
