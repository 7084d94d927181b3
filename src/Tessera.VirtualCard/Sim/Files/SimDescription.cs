using Tessera.Wire;

namespace Tessera.VirtualCard.Sim.Files;

/// <summary>What SELECT and STATUS of class A0 say of a file (3GPP TS 51.011 §9.2.1, §9.3).</summary>
internal static class SimDescription
{
    private const byte OfMaster = 1;
    private const byte OfDirectory = 2;
    private const byte OfFile = 4;
    private const byte IncreaseAllowed = 0x40;
    private const byte FirstIsDisabled = 0x80;
    private const byte Initialised = 0x80;
    private const byte Unused = 0xF;

    public static Bytes Of(DedicatedFile directory, SimContents contents, SimSecurity security)
    {
        var codes = (security.Chv2.Exists ? 4 : 2) + (security.Administrator.Exists ? 1 : 0);
        return new Bytes((byte[])
        [
            0, 0, 0, 0, .. Id(directory.Id), directory.Parent is null ? OfMaster : OfDirectory,
            0, 0, 0, 0, 0, 9, security.Chv1.IsEnabled ? (byte)0 : FirstIsDisabled,
            (byte)SimFiles.Directories.Count(each => each.Parent == directory),
            (byte)SimFiles.All.Count(each => each.Parent == directory && contents.Has(each)),
            (byte)codes, 0, .. Tries(security.Chv1), .. Tries(security.Chv2),
        ]);
    }

    public static Bytes Of(ElementaryFile file, SimContents contents)
    {
        var (size, access) = (contents.SizeOf(file), file.Access);
        byte[] head =
        [
            0, 0, (byte)(size >> 8), (byte)size, .. Id(file.Id), OfFile, file.IsCyclic ? IncreaseAllowed : (byte)0,
            Pair(access.Read, access.Update), Pair(access.Increase, (SimAccess)Unused),
            Pair(access.Rehabilitate, access.Invalidate), contents.IsInvalidated(file) ? (byte)0 : (byte)1,
            2, (byte)file.Structure,
        ];
        return new Bytes((byte[])[.. head, (byte)file.RecordLength]);
    }

    private static byte Pair(SimAccess high, SimAccess low) => (byte)(((byte)high << 4) | (byte)low);

    private static byte[] Id(ushort id) => [(byte)(id >> 8), (byte)id];

    private static byte[] Tries(Chv chv) =>
        chv.Exists ? [(byte)(Initialised | chv.Tries), (byte)(Initialised | chv.UnblockTries)] : [0, 0];
}
