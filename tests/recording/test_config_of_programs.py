"""``alembic.config.Config`` made by a program itself: helpers do so when they are imported."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sqlgen.config import Config
from sqlgen.recording.alembic_names import served
from sqlgen.recording.script_directory import AlembicConfig

INI = "[alembic]\nscript_location = %(here)s/scripts\n[other]\nname = value\n"


@pytest.fixture
def ini(tmp_path: Path) -> Path:
    (tmp_path / "scripts" / "versions").mkdir(parents=True)
    path = tmp_path / "alembic.ini"
    path.write_text(INI, encoding="utf-8")
    return path


def config_class() -> Any:
    with served():
        from alembic.config import Config as Served
    return Served


def test_a_file_is_read(ini: Path) -> None:
    config = config_class()(str(ini))
    assert config.config_file_name == str(ini)
    assert config.get_main_option("script_location") == f"{ini.parent.as_posix()}/scripts"
    assert config.get_section("other")["name"] == "value"
    assert config.get_template_directory().endswith("/scripts")


def test_nothing_is_enough() -> None:
    config = config_class()()
    config.set_main_option("sqlalchemy.url", "sqlite://")
    assert config.get_main_option("sqlalchemy.url") == "sqlite://"
    assert config.get_alembic_option("missing", "default") == "default"
    assert config.config_file_name is None


def test_arguments_and_attributes_are_kept(ini: Path) -> None:
    config = config_class()(ini, ini_section="other", config_args={"who": "me"}, attributes={"a": 1})
    config.set_main_option("greeting", "hello %(who)s")
    assert config.get_main_option("greeting") == "hello me"
    assert config.attributes == {"a": 1}


def test_that_of_env_py_is_one_too(ini: Path) -> None:
    config = AlembicConfig(Config.find(ini.parent))
    assert isinstance(config, config_class())
    assert config.config_file_name == str(ini)
