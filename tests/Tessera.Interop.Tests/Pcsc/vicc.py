"""The ISO 7816-4 card of vsmartcard-vpicc with two files; puts itself into the virtual reader at HOST PORT."""
import hashlib
import logging
import sys

# As Debian 12 packages it, it is not found, wants a module of Python 2 and joins octets that are joined already.
sys.dont_write_bytecode = True
sys.path.insert(0, "/usr/lib/python3/site-packages/virtualsmartcard")
sys.modules["sha"] = hashlib

from virtualsmartcard import SmartcardFilesystem as files
from virtualsmartcard.CardGenerator import CardGenerator
from virtualsmartcard.ConstantDefinitions import FDB
from virtualsmartcard.SmartcardSAM import SAM
from virtualsmartcard.VirtualSmartcard import VirtualICC

files.bertlv_pack = lambda objects: b"".join(bytes([tag, length]) + value for tag, length, value in objects)

mf = files.MF()
mf.append(files.TransparentStructureEF(parent=mf, fid=0x2F07, shortfid=7, data=b"A card of other people"))
df = files.DF(parent=mf, fid=0x5000, dfname=bytes.fromhex("F0464F524549474E"))
df.append(files.RecordStructureEF(
    parent=df, fid=0x5003, shortfid=3, maxrecordsize=8, filedescriptor=FDB["EFSTRUCTURE_LINEAR_FIXED_NOFURTHERINFO"],
    records=[files.Record(data=b"record 1"), files.Record(data=b"record 2")]))
mf.append(df)

card = mf, SAM("1234", "1234567890", mf)
CardGenerator.getCard = lambda self: card
VirtualICC(None, "iso7816", sys.argv[1], int(sys.argv[2]), logginglevel=logging.ERROR).run()
