/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_FIELD_TABLES_H
#define REPORT_FIELD_TABLES_H

#include "report/field.h"

/* The getters of the fields of stat that are tables: the processes that are recorded in
 * an object, those that use it now, and the semaphores of a set. */
void field_get_recorded(const struct field *f, const struct object *o, struct value *v);
void field_get_processes(const struct field *f, const struct object *o, struct value *v);
void field_get_semaphores(const struct field *f, const struct object *o, struct value *v);

#endif
