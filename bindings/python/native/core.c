/* SPDX-FileCopyrightText: the pixfer authors
 * SPDX-License-Identifier: MIT */

/* pixfer._core: the converter. */
#include "core.h"

#include "frame.h"

static PyObject *function_cpu_names(PyObject *module, PyObject *unused)
{
    PyObject *list = PyList_New(0);

    (void)module, (void)unused;
    for (const char *const *cpu = pixfer_cpu_names(); list && *cpu; cpu++) {
        PyObject *name = PyUnicode_FromString(*cpu);

        if (!name || PyList_Append(list, name))
            Py_CLEAR(list);
        Py_XDECREF(name);
    }
    return list;
}

static PyObject *function_backends(PyObject *module, PyObject *unused)
{
    const struct core *core = PyModule_GetState(module);
    PyObject *list = PyList_New(0);
    struct pixfer_backend_info info = PIXFER_BACKEND_INFO();

    (void)unused;
    for (int i = 1; list && pixfer_backend_get_info((enum pixfer_backend)i, &info) == PIXFER_OK; i++) {
        PyObject *item = types_make(&core->types, "BackendInfo",
                                    Py_BuildValue("{s:s,s:z,s:N,s:N,s:N}", "name", info.name, "missing", info.missing, "hardware",
                                                  PyBool_FromLong(info.hardware), "automatic", PyBool_FromLong(info.automatic),
                                                  "exact", PyBool_FromLong(info.exact)));

        if (!item || PyList_Append(list, item))
            Py_CLEAR(list);
        Py_XDECREF(item);
        info = PIXFER_BACKEND_INFO();
    }
    return list;
}

static PyMethodDef functions[] = {
    {"rgba_to_nv12", (PyCFunction)(void (*)(void))function_rgba_to_nv12, METH_VARARGS | METH_KEYWORDS,
     "rgba_to_nv12($module, /, rgba, out=None, *, width=None, height=None, matrix='bt709', range='limited', siting='left', "
     "threads=1)\n"
     "--\n\n"
     "Converts one RGBA frame to NV12 and returns `out`, or a new Frame where that is None: y, uv = rgba_to_nv12(array).\n\n"
     "`rgba` has the shape (height, width, 4), or is flat and comes with width and height. For many frames keep a Converter."},
    {"convert", (PyCFunction)(void (*)(void))function_convert, METH_VARARGS | METH_KEYWORDS,
     "convert($module, /, src, src_format, dst_format, out=None, *, width=None, height=None, matrix='bt709', range='limited', "
     "siting='left', backend='auto', threads=1, cpu=None, background=None)\n--\n\n"
     "Converts one frame of any format to any other and returns `out`, or a new Frame where that is None.\n\n"
     "Arguments are those of Converter; width and height are needed where the shape of `src` does not tell them."},
    {"cpu_names", function_cpu_names, METH_NOARGS,
     "cpu_names($module, /)\n--\n\nThe instruction sets that a converter can be pinned to on this machine, best first."},
    {"backends", function_backends, METH_NOARGS,
     "backends($module, /)\n--\n\nWhat can do the work, each a BackendInfo; `missing` says why this build on this machine has "
     "not got it."},
    {NULL, NULL, 0, NULL}};

static PyObject *add_type(PyObject *module, PyType_Spec *spec, const char *name)
{
    PyObject *type = PyType_FromModuleAndSpec(module, spec, NULL);

    if (type && name && PyModule_AddObjectRef(module, name, type))
        Py_CLEAR(type);
    return type;
}

static int execute(PyObject *module)
{
    struct core *core = PyModule_GetState(module);

    if (types_init(&core->types))
        return -1;
    core->plane_type = add_type(module, &plane_spec, NULL);
    core->frame_type = core->plane_type ? add_type(module, &frame_spec, "Frame") : NULL;
    core->converter_type = core->frame_type ? add_type(module, &converter_spec, "Converter") : NULL;
    return core->converter_type ? PyModule_AddStringConstant(module, "__version__", pixfer_version()) : -1;
}

static int traverse(PyObject *module, visitproc visit, void *arg)
{
    struct core *core = PyModule_GetState(module);

    Py_VISIT(core->plane_type);
    Py_VISIT(core->frame_type);
    Py_VISIT(core->converter_type);
    return types_traverse(&core->types, visit, arg);
}

static int clear(PyObject *module)
{
    struct core *core = PyModule_GetState(module);

    Py_CLEAR(core->plane_type);
    Py_CLEAR(core->frame_type);
    Py_CLEAR(core->converter_type);
    types_clear(&core->types);
    return 0;
}

static void free_module(void *module)
{
    clear(module);
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, execute}, {0, NULL}};
static struct PyModuleDef definition = {PyModuleDef_HEAD_INIT,
                                        "_core",
                                        "The converter of pixfer.",
                                        sizeof(struct core),
                                        functions,
                                        slots,
                                        traverse,
                                        clear,
                                        free_module};

PyMODINIT_FUNC PyInit__core(void);
PyMODINIT_FUNC PyInit__core(void)
{
    return PyModuleDef_Init(&definition);
}
