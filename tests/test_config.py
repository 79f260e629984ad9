from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from sqlgen.config import Config
from sqlgen.errors import ConfigError

STOCK = "[alembic]\nscript_location = mig\n"


def write(root: Path, files: Mapping[str, str]) -> Path:
    """Write files below ``root``, with an env.py in mig/, and return it."""
    stock = {} if "mig/env.py/x" in files else {"mig/env.py": "", "mig/versions/.keep": ""}
    for name, text in {**stock, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def ini(root: Path, body: str, files: Mapping[str, str] | None = None) -> Config:
    return Config.find(write(root, {"alembic.ini": STOCK + body, **(files or {})}), environ={})


def toml(root: Path, body: str) -> Config:
    return Config.find(write(root, {"pyproject.toml": body}), environ={})


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"alembic.ini": STOCK}, id="ini"),
        pytest.param({"alembic.ini": "[alembic]\nscript_location = %(here)s/mig\n"}, id="here"),
        pytest.param({"alembic.ini": "\ufeff" + STOCK}, id="byte order mark"),
        pytest.param({"alembic.ini": "[DEFAULT]\nd=mig\n[alembic]\nscript_location=%(d)s\n"}, id="default"),
        pytest.param({"pyproject.toml": '[tool.alembic]\nscript_location = "mig"\n'}, id="tool.alembic"),
        pytest.param({"pyproject.toml": '[tool.alembic]\nscript_location = "%(here)s/mig"\n'}, id="toml here"),
        pytest.param({"pyproject.toml": '[tool.sqlgen]\nscript_location = "mig"\n'}, id="tool.sqlgen"),
        pytest.param({"pyproject.toml": "[tool.other]\n", "alembic.ini": STOCK}, id="no table of ours"),
        pytest.param({"mig/alembic.ini": "[alembic]\n"}, id="one folder down, beside env.py"),
        pytest.param({"mig/alembic.ini": "[alembic]\nscript_location = .\n"}, id="one folder down"),
        pytest.param({"mig/alembic.ini": STOCK}, id="one folder down, relative to the opened folder"),
        pytest.param({"down/pyproject.toml": '[tool.alembic]\nscript_location="../mig"\n'}, id="toml below"),
        pytest.param(
            {"pyproject.toml": '[tool.sqlgen]\ndialects = ["a"]\n', "mig/alembic.ini": "[alembic]\n"},
            id="own table above, ini below",
        ),
        pytest.param(
            {"alembic.ini": STOCK, "pyproject.toml": '[tool.alembic]\nscript_location = "nosuch"\n'},
            id="ini wins over toml",
        ),
        pytest.param(
            {
                "alembic.ini": "[alembic]\nscript_location = no\n",
                "pyproject.toml": '[tool.sqlgen]\nscript_location = "mig"',
            },
            id="tool.sqlgen wins over ini",
        ),
        pytest.param({"alembic.ini": STOCK, "venv/alembic.ini": "[broken"}, id="venv is not searched"),
    ],
)
def test_script_location_is_found(tmp_path: Path, files: Mapping[str, str]) -> None:
    config = Config.find(write(tmp_path, files), environ={})
    assert config.script_location == tmp_path / "mig"
    assert config.version_locations == (tmp_path / "mig" / "versions",)


@pytest.mark.parametrize("opened", [".", "mig"])
def test_a_bare_folder_of_scripts_is_a_project(tmp_path: Path, opened: str) -> None:
    config = Config.find(write(tmp_path, {}) / opened, environ={})
    assert (config.script_location, config.ini_path, config.toml_path) == (tmp_path / "mig", None, None)


def test_several_bare_folders_are_none(tmp_path: Path) -> None:
    write(tmp_path, {"other/env.py": "", "other/versions/.keep": ""})
    with pytest.raises(ConfigError, match=r"there is no alembic\.ini"):
        Config.find(tmp_path, environ={})


def test_the_working_directory_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"alembic.ini": STOCK + "prepend_sys_path = .\nversion_locations = mig/versions\n"})
    here = Config.find(tmp_path, environ={})
    monkeypatch.chdir(tmp_path / "mig")
    assert Config.find("..", environ={}) == here


@pytest.mark.parametrize(
    ("separator", "locations", "expected"),
    [
        ("", "a, b  c", ["a", "b", "c"]),
        ("path_separator = os", "a:b c", ["a", "b c"]),
        ("path_separator = :", "a:b", ["a", "b"]),
        ("path_separator = ;", "a;  b;", ["a", "b"]),
        ("path_separator = space", "a b   c", ["a", "b", "c"]),
        ("path_separator = newline", "\n  a\n  b c", ["a", "b c"]),
        ("version_path_separator = ;", "a;b", ["a", "b"]),
        ("path_separator = ;\nversion_path_separator = :", "a:b;c", None),
        ("", "%(here)s/a %(here)s/b", ["a", "b"]),
        ("", "a a", ["a"]),
    ],
)
def test_version_locations(tmp_path: Path, separator: str, locations: str, expected: list[str] | None) -> None:
    text = f"{separator}\nversion_locations = {locations}\n"
    if expected is None:
        with pytest.raises(ConfigError, match="no package 'a'"):
            ini(tmp_path, text)
    else:
        assert ini(tmp_path, text).version_locations == tuple(tmp_path / name for name in expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("prepend_sys_path = .", ["."]),
        ("prepend_sys_path = . a:b, c", [".", "a", "b", "c"]),
        ("prepend_sys_path = . a:b\nversion_path_separator = ;", [".", "a", "b"]),
        ("prepend_sys_path = .;a\npath_separator = ;", [".", "a"]),
        ("prepend_sys_path = /x", ["/x"]),
    ],
)
def test_prepend_sys_path(tmp_path: Path, body: str, expected: list[str]) -> None:
    wanted = tuple(str((tmp_path / name).resolve()) for name in expected)
    assert ini(tmp_path.resolve(), body).prepend_sys_path == wanted


def test_ini_keys(tmp_path: Path) -> None:
    body = """
recursive_version_locations = true
sourceless = true
file_template = %%(year)d/%%(rev)s_%%(slug)s
truncate_slug_length = 12
timezone = UTC
output_encoding = latin-1
revision_environment = Yes
"""
    config = ini(tmp_path, body)
    assert config.recursive_version_locations
    assert config.sourceless
    assert config.file_template == "%(year)d/%(rev)s_%(slug)s"
    assert (config.truncate_slug_length, config.timezone) == (12, "UTC")
    assert (config.output_encoding, config.revision_environment) == ("latin-1", True)
    assert config.notes == ()


def test_a_switch_that_alembic_does_not_take_is_said(tmp_path: Path) -> None:
    config = ini(tmp_path, "recursive_version_locations = True\n")
    assert not config.recursive_version_locations
    assert config.notes[0].endswith(
        "alembic.ini:3: recursive_version_locations = True counts as false, as in Alembic; write 'true'"
    )


def test_toml_keys(tmp_path: Path) -> None:
    config = toml(
        tmp_path,
        """
[tool.alembic]
script_location = "mig"
version_locations = ["mig/versions", "%(here)s/more"]
prepend_sys_path = [".", "src"]
recursive_version_locations = true
file_template = "%%(rev)s"
truncate_slug_length = 9
[[tool.alembic.post_write_hooks]]
name = "ruff"
type = "exec"
executable = "%(here)s/ruff"
[tool.sqlgen]
dialects = { postgresql = "15", oracle = "", mysql = 8 }
out = "sql"
raw_newlines = true
[tool.sqlgen.default_schema]
mssql = "app"
""",
    )
    assert config.version_locations == (tmp_path / "mig/versions", tmp_path / "more")
    assert config.prepend_sys_path == (str(tmp_path), str(tmp_path / "src"))
    assert (config.recursive_version_locations, config.file_template) == (True, "%(rev)s")
    assert config.truncate_slug_length == 9
    assert config.dialects == {"postgresql": "15", "oracle": "", "mysql": "8"}
    assert (config.out, config.default_schema) == (tmp_path / "sql", {"mssql": "app"})
    assert config.raw_newlines is True
    assert [(h.name, h.options) for h in config.hooks] == [("ruff", {"type": "exec", "executable": f"{tmp_path}/ruff"})]


def test_dialects_as_list_keep_their_order(tmp_path: Path) -> None:
    config = toml(tmp_path, '[tool.sqlgen]\nscript_location="mig"\ndialects = ["sqlite", "mysql"]\n')
    assert list(config.dialects.items()) == [("sqlite", ""), ("mysql", "")]


def test_ini_hooks(tmp_path: Path) -> None:
    config = ini(tmp_path, "[post_write_hooks]\nhooks = one, two\none.type = exec\none.cwd = %(here)s\n")
    assert [(h.name, dict(h.options)) for h in config.hooks] == [
        ("one", {"type": "exec", "cwd": str(tmp_path)}),
        ("two", {}),
    ]


def test_what_a_served_config_needs(tmp_path: Path) -> None:
    body = "sqlalchemy.url = postgresql://u:p%%40x@h/db\n[log]\nfmt = %(levelname)-5.5s\nkeys = a\n"
    config = ini(tmp_path, body, {"pyproject.toml": '[tool.alembic]\nextra = ["x"]\n'})
    assert config.get_main_option("sqlalchemy.url") == "postgresql://u:p%40x@h/db"
    assert config.get_main_option("SQLAlchemy.URL") == "postgresql://u:p%40x@h/db"
    assert config.get_main_option("nosuch", "d") == "d"
    assert config.get_section("nosuch") is None
    assert config.get_section("nosuch", {"a": "b"}) == {"a": "b"}
    assert (config.get_section("alembic") or {})["here"] == str(tmp_path)
    assert config.raw_sections()["alembic"]["sqlalchemy.url"] == "postgresql://u:p%%40x@h/db"
    assert config.sections == ("alembic", "log")
    assert config.get_alembic_option("extra") == ["x"]
    assert config.get_alembic_option("nosuch", 1) == 1
    assert config.toml_options == {"extra": ["x"]}
    with pytest.raises(ConfigError, match="names nothing"):
        config.get_section("log")


def test_a_parser_is_fresh_every_time(tmp_path: Path) -> None:
    config = ini(tmp_path, "")
    config.parser().set("alembic", "script_location", "changed")
    assert config.get_main_option("script_location") == "mig"


def test_a_percent_in_the_folder_name(tmp_path: Path) -> None:
    root = tmp_path / "100%(x)s"
    config = ini(root, "version_locations = %(here)s/v\n")
    assert config.version_locations == (root / "v",)


def test_other_section(tmp_path: Path) -> None:
    write(tmp_path, {"alembic.ini": "[one]\nscript_location=no\n[two]\nscript_location=mig\nsqlalchemy.url=u\n"})
    config = Config.find(tmp_path, section="two", x_arguments=["a=b"], environ={})
    assert (config.section, config.get_main_option("sqlalchemy.url")) == ("two", "u")
    assert config.x_arguments == ("a=b",)


@pytest.mark.parametrize(
    ("named", "environ", "expected"),
    [
        (("other.ini",), {}, "other"),
        (("py.toml",), {}, "mig"),
        (("other.ini", "py.toml"), {}, "other"),
        (("py.toml", "empty.ini"), {}, "mig"),
        ((), {"ALEMBIC_CONFIG": "other.ini"}, "other"),
        (("other.ini",), {"ALEMBIC_CONFIG": "nosuch.ini"}, "other"),
        ((), {"ALEMBIC_CONFIG": "sub/py.toml"}, "other"),
    ],
)
def test_files_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: tuple[str, ...], environ: dict[str, str], expected: str
) -> None:
    files = {
        "other.ini": "[alembic]\nscript_location = other\n",
        "empty.ini": "[alembic]\n",
        "py.toml": '[tool.alembic]\nscript_location = "mig"\n',
        "sub/py.toml": '[tool.alembic]\nscript_location = "other"\n',
        "other/env.py": "",
    }
    monkeypatch.chdir(write(tmp_path, files))
    assert Config.find(file=named, environ=environ).script_location == tmp_path / expected


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("pack:mig", "src/pack/mig"),
        ("pack.sub:mig", "src/pack/sub/mig"),
        ("pack:sub:mig", "src/pack/sub/mig"),
        ("spaces.inner:mig", "src/spaces/inner/mig"),
    ],
)
def test_package_is_found_without_running_it(tmp_path: Path, location: str, expected: str) -> None:
    files = {
        "src/pack/__init__.py": "raise SystemExit('was run')",
        "src/pack/mig/env.py": "",
        "src/pack/sub/__init__.py": "raise SystemExit('was run')",
        "src/pack/sub/mig/env.py": "",
        "src/spaces/inner/mig/env.py": "",
        "alembic.ini": f"[alembic]\nscript_location = {location}\nprepend_sys_path = src\n",
    }
    assert Config.find(write(tmp_path, files), environ={}).script_location == tmp_path / expected


def test_package_of_the_environment(tmp_path: Path) -> None:
    text = "[alembic]\nscript_location = sqlgen.revisions:.\n"
    location = Config.find(write(tmp_path, {"alembic.ini": text}), environ={}).script_location
    assert location.name == "revisions"


BROKEN = [
    # files, message, place, hint
    ({"mig/env.py/x": ""}, "there is no alembic.ini", "", "sqlgen init"),
    ({"a/alembic.ini": STOCK, "b/alembic.ini": STOCK}, "several configurations below: a/alembic.ini, b", "", "-c a/al"),
    ({"alembic.ini": "[alembic]\nx = 1\n"}, "no script_location", "alembic.ini", "sqlgen init"),
    ({"alembic.ini": "[alembic]\n\nscript_location = no\n"}, "no folder no", "alembic.ini:3", "sqlgen init"),
    ({"alembic.ini": "[alembic]\nscript_location = no.pack:x\n"}, "no package 'no.pack'", "alembic.ini:2", "prepend"),
    ({"alembic.ini": "script_location = x\n"}, "before the first", "alembic.ini:1", ""),
    ({"alembic.ini": "[alembic]\nscript_location\n"}, "neither", "alembic.ini:2", ""),
    ({"alembic.ini": "[alembic]\na=1\nA=2\n"}, "'a' is given twice", "alembic.ini:3", ""),
    ({"alembic.ini": "[alembic]\n[alembic]\n"}, "[alembic] is given twice", "alembic.ini:2", ""),
    ({"alembic.ini": STOCK + "file_template = %(rev)s\n"}, "names nothing", "alembic.ini:3", "Double"),
    ({"alembic.ini": STOCK + "file_template = 1%\n"}, "names nothing", "alembic.ini:3", "Double"),
    ({"alembic.ini": STOCK + "truncate_slug_length = x\n"}, "whole number", "alembic.ini:3", ""),
    ({"alembic.ini": STOCK + "truncate_slug_length = 0\n"}, "whole number", "alembic.ini:3", ""),
    (
        {"alembic.ini": STOCK + "version_locations = a\npath_separator = os # c\n"},
        "must be one of os",
        "alembic.ini:4",
        "no comments",
    ),
    ({"pyproject.toml": "[tool.alembic]\nx = \n"}, "not valid TOML", "pyproject.toml:2", ""),
    ({"pyproject.toml": "tool.alembic = 1\n"}, "must be a table", "pyproject.toml", ""),
    ({"pyproject.toml": '[tool.alembic]\nx = "y"\n'}, "no script_location", "pyproject.toml", ""),
    ({"pyproject.toml": "[tool.alembic]\nscript_location = 1\n"}, "must be a string", "pyproject.toml:2", ""),
    (
        {"pyproject.toml": '[tool.alembic]\nscript_location="mig"\nfile_template = "%(rev)s"\n'},
        "only %(here)s",
        "pyproject.toml:3",
        "Double",
    ),
    (
        {"pyproject.toml": '[tool.alembic]\nscript_location="mig"\nsourceless = "true"\n'},
        "must be true or false",
        "pyproject.toml:3",
        "",
    ),
    (
        {"alembic.ini": STOCK, "pyproject.toml": '[tool.sqlgen]\ndialect = ["x"]\n'},
        "no key 'dialect'",
        "pyproject.toml:2",
        "'dialects'",
    ),
    (
        {"alembic.ini": STOCK, "pyproject.toml": "[tool.sqlgen.dialects]\nmariadb = 10.10\n"},
        "must be a string",
        "pyproject.toml:1",
        "Write mariadb",
    ),
    (
        {"alembic.ini": STOCK, "pyproject.toml": "[tool.sqlgen]\ndialects = [1]\n"},
        "a list of names",
        "pyproject.toml:2",
        "",
    ),
    (
        {"alembic.ini": STOCK, "pyproject.toml": "[tool.sqlgen]\nversion_locations = 1\n"},
        "list of paths",
        "pyproject.toml:2",
        "",
    ),
]


@pytest.mark.parametrize(("files", "message", "place", "hint"), BROKEN)
def test_broken(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    files: Mapping[str, str],
    message: str,
    place: str,
    hint: str,
) -> None:
    monkeypatch.chdir(write(tmp_path, files))
    with pytest.raises(ConfigError) as caught:
        Config.find(environ={})
    assert message in caught.value.message
    assert str(caught.value.place) == (place or ".")
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("named", "section", "environ", "message", "hint"),
    [
        (("no.ini",), "alembic", {}, "no.ini: the configuration file does not exist", "-c FILE"),
        (("mig",), "alembic", {}, "mig: the configuration file is a folder", "-c FILE"),
        ((), "alembic", {"ALEMBIC_CONFIG": "no.ini"}, "no.ini: the configuration file", "ALEMBIC_CONFIG"),
        (("alembic.ini", "two.ini"), "alembic", {}, "alembic.ini and two.ini are of one kind", "one ini"),
        (("alembic.ini",), "alembci", {}, "alembic.ini: there is no section [alembci]; the file has", "'-n alembic'"),
        (("alembic.ini",), "zzzz", {}, "alembic.ini: there is no section [zzzz]", "-n SECTION"),
    ],
)
def test_named_but_wrong(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    named: tuple[str, ...],
    section: str,
    environ: dict[str, str],
    message: str,
    hint: str,
) -> None:
    monkeypatch.chdir(write(tmp_path, {"alembic.ini": STOCK, "two.ini": STOCK}))
    with pytest.raises(ConfigError) as caught:
        Config.find(file=named, section=section, environ=environ)
    assert message in str(caught.value)
    assert hint in caught.value.hint


def test_not_utf8_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "alembic.ini").write_bytes(b"[alembic]\n# ok\n# caf\xe9\n")
    with pytest.raises(ConfigError, match=r"alembic\.ini:3: the file is not UTF-8"):
        Config.find(tmp_path, environ={})


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        Config.find(tmp_path / "nosuch", environ={})


def test_configuration_imports_neither_sqlalchemy_nor_alembic() -> None:
    code = "import sys, sqlgen.config; print([m for m in ('sqlalchemy', 'alembic', 'sqlparse') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
