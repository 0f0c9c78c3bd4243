"""Files that are no honest ZIP: made to overrun a reader, to deceive it, or cut short."""

import io
import struct
import warnings
import zipfile
from collections.abc import Callable

from tests.support.proof.bad_packs.brought import Brought, bad, brought, honest
from tests.support.proof.small_packs import Pack


def _zip(pack: Pack, change: Callable[[zipfile.ZipFile], None]) -> Brought:
    out = io.BytesIO(pack.zipped())
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a", zipfile.ZIP_STORED) as archive:
        warnings.simplefilter("ignore")  # the library warns of a name that stands twice, which is the point
        change(archive)
    return Brought(out.getvalue(), keys=[pack.log.key.vkey])


@bad(None)
def there_is_no_such_file() -> Brought:
    return Brought(None)


@bad(None)
def it_is_no_zip() -> Brought:
    return Brought(b"PK\x03\x04 and nothing more")


@bad(None)
def it_is_another_zip() -> Brought:
    pack = honest()
    del pack.files["pack.json"]
    return brought(pack)


@bad("inserted")
def a_member_stands_twice() -> Brought:
    return _zip(honest(), lambda archive: archive.writestr("events.ndjson", b""))


@bad("inserted")
def a_member_climbs_out_of_the_folder() -> Brought:
    return _zip(honest(), lambda archive: archive.writestr("../../etc/passwd", b""))


@bad("inserted")
def a_member_has_a_whole_path() -> Brought:
    return _zip(honest(), lambda archive: archive.writestr("/etc/passwd", b""))


@bad("inserted")
def a_member_has_the_path_of_another_system() -> Brought:
    return _zip(honest(), lambda archive: archive.writestr("a\\b", b""))


@bad("inserted")
def a_member_has_a_drive() -> Brought:
    return _zip(honest(), lambda archive: archive.writestr("c:b", b""))


@bad("inserted")
def a_member_has_an_unprintable_name() -> Brought:
    return _zip(honest(), lambda archive: archive.writestr("a\x1b[2Jb", b""))


@bad("edited")
def a_member_is_compressed() -> Brought:
    return _zip(honest(), lambda archive: archive.writestr("more", bytes(10**7), zipfile.ZIP_DEFLATED))


def _directory(pack: Pack, place: int, value: bytes, name: bytes = b"README.txt") -> Brought:
    """Overwrite a field of a member's entry in the central directory."""
    data = bytearray(pack.zipped())
    entry = data.rindex(name) - 46
    data[entry + place : entry + place + len(value)] = value
    return Brought(bytes(data), keys=[pack.log.key.vkey])


@bad("edited")
def a_member_is_encrypted() -> Brought:
    return _directory(honest(), 8, struct.pack("<H", 1))


@bad("edited")
def a_member_has_two_sizes() -> Brought:
    return _directory(honest(), 24, struct.pack("<I", 3))


@bad("edited")
def a_member_is_as_large_as_the_file_is_not() -> Brought:
    return _directory(honest(), 20, struct.pack("<II", 2**31, 2**31))


@bad("edited")
def a_member_begins_where_none_does() -> Brought:
    return _directory(honest(), 42, struct.pack("<I", 7))


@bad("edited")
def a_member_begins_at_the_end_of_the_file() -> Brought:
    return _directory(honest(), 42, struct.pack("<I", len(honest().zipped()) - 5))


@bad("edited")
def a_member_begins_where_the_file_has_ended() -> Brought:
    pack = honest()
    place = len(pack.zipped()) + 100
    return _directory(pack, 42, struct.pack("<I", place))


@bad("edited")
def a_member_begins_before_the_file() -> Brought:
    """Bytes are left out before the directory, so that every place lies before the one that is said."""
    pack = honest()
    data = pack.zipped()
    end = data.rindex(b"PK\x05\x06")
    place, size = struct.unpack("<I", data[end + 16 : end + 20])[0], struct.unpack("<I", data[end + 12 : end + 16])[0]
    assert place + size == end
    grown = data[:end] + data[end : end + 16] + struct.pack("<I", place + 20) + data[end + 20 :]
    return Brought(grown, keys=[pack.log.key.vkey])


@bad("edited")
def a_member_is_cut_short() -> Brought:
    """The last member says that it goes on to the end of the file, and further."""
    pack = honest()
    name = max(pack.files)
    told = len(pack.zipped()) - sum(len(data) for data in pack.files.values()) + len(pack.files[name])
    return _directory(pack, 20, struct.pack("<II", told, told), name.encode())


@bad(None)
def a_zip_holds_more_files_than_any_pack() -> Brought:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(20_001):
            archive.writestr(zipfile.ZipInfo(f"{number}"), b"")
    return Brought(out.getvalue())


@bad("inserted")
def a_folder_holds_a_link() -> Brought:
    return Brought({**honest().files, "LINK": b""}, keys=[honest().log.key.vkey])


@bad(None)
def a_folder_holds_more_files_than_any_pack() -> Brought:
    return Brought(honest().files, keys=[honest().log.key.vkey], limits={"FILES_MAX": 3})


@bad(None)
def a_file_is_larger_than_is_read_at_once() -> Brought:
    return brought(honest(), limits={"WHOLE_MAX": 10})


@bad(None)
def a_line_is_longer_than_any_event() -> Brought:
    return brought(honest(), limits={"LINE_MAX": 10, "_CHUNK": 100})


@bad("edited")
def a_member_says_that_it_is_compressed() -> Brought:
    return _directory(honest(), 10, struct.pack("<H", zipfile.ZIP_DEFLATED))


@bad("edited")
def a_member_begins_in_the_last_word_of_the_file() -> Brought:
    out = io.BytesIO(honest().zipped())
    with zipfile.ZipFile(out, "a") as archive:
        archive.comment = b"PK\x03\x04"
    data = bytearray(out.getvalue())
    entry = data.rindex(b"README.txt") - 46
    data[entry + 42 : entry + 46] = struct.pack("<I", len(data) - 4)
    return Brought(bytes(data), keys=[honest().log.key.vkey])


@bad("inserted")
def a_folder_holds_a_pipe() -> Brought:
    return Brought({**honest().files, "PIPE": b""}, keys=[honest().log.key.vkey])
