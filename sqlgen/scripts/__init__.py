"""Scripts: from the statements of a plan to text, and from text to files."""

from sqlgen.scripts.files import write_file, write_files, write_scripts
from sqlgen.scripts.script import Script, ScriptOptions
from sqlgen.scripts.section import Section

__all__ = ["Script", "ScriptOptions", "Section", "write_file", "write_files", "write_scripts"]
