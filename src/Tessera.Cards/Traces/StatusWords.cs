using System.Globalization;

namespace Tessera.Cards.Traces;

/// <summary>What SW1-SW2 mean (ISO/IEC 7816-4 §5.6; 3GPP TS 51.011 §9.4; ETSI TS 102 221 §10.2).</summary>
internal static class StatusWords
{
    private static readonly Dictionary<ushort, string> Names = new()
    {
        [0x9000] = "done",
        [0x6200] = "warning, nothing changed",
        [0x6281] = "warning, what is returned may be corrupted",
        [0x6282] = "end of file or record before Le",
        [0x6283] = "selected file deactivated",
        [0x6285] = "selected file terminated",
        [0x6300] = "not verified",
        [0x6400] = "error, nothing changed",
        [0x6581] = "memory failure",
        [0x6700] = "wrong length",
        [0x6881] = "logical channel not supported",
        [0x6882] = "secure messaging not supported",
        [0x6883] = "last command of the chain expected",
        [0x6884] = "command chaining not supported",
        [0x6981] = "command does not fit the file",
        [0x6982] = "security status not satisfied",
        [0x6983] = "authentication method blocked",
        [0x6984] = "reference data not usable",
        [0x6985] = "conditions of use not satisfied",
        [0x6986] = "no current file",
        [0x6987] = "secure messaging objects missing",
        [0x6988] = "secure messaging objects wrong",
        [0x6A80] = "wrong data",
        [0x6A81] = "function not supported",
        [0x6A82] = "file or application not found",
        [0x6A83] = "record not found",
        [0x6A84] = "not enough memory",
        [0x6A85] = "length does not fit the structure",
        [0x6A86] = "wrong P1-P2",
        [0x6A87] = "Lc does not fit P1-P2",
        [0x6A88] = "referenced data not found",
        [0x6A89] = "file exists already",
        [0x6A8A] = "name exists already",
        [0x6B00] = "P1-P2 outside the file",
        [0x6D00] = "instruction not supported",
        [0x6E00] = "class not supported",
        [0x6F00] = "no precise diagnosis",
        [0x9300] = "toolkit busy",
        [0x9400] = "no file selected",
        [0x9402] = "outside the file",
        [0x9404] = "file or pattern not found",
        [0x9408] = "command does not fit the file",
        [0x9802] = "no CHV initialised",
        [0x9804] = "access not allowed, or CHV wrong",
        [0x9808] = "contradicts the CHV status",
        [0x9810] = "contradicts the invalidation status",
        [0x9840] = "CHV blocked",
        [0x9850] = "maximum reached",
        [0x9862] = "authentication error, wrong MAC",
    };

    public static string Of(StatusWord status) => $"{status} {Meaning(status)}";

    private static string Meaning(StatusWord status) => status switch
    {
        _ when Names.TryGetValue(status.Value, out var name) => name,
        { TriesLeft: { } tries } => Count("not verified, ", tries, "tries left"),
        { HasMore: true } => Waits(status, "octets of answer wait"),
        { IsWrongLe: true } => Waits(status, "is the right Le"),
        { Sw1: 0x91 } => Waits(status, "octets of proactive command wait"),
        { Sw1: 0x92 } when status.Sw2 < 0x10 => Count("done after ", status.Sw2, "internal tries"),
        { Sw1: 0x9E } => Waits(status, "octets of answer to a download that failed wait"),
        { Sw1: 0x9F } => Waits(status, "octets of answer wait"),
        { Sw1: 0x62 or 0x63 } => "warning",
        { Sw1: >= 0x64 and <= 0x6F } => "error",
        _ => "not known",
    };

    private static string Waits(StatusWord status, string what) =>
        Count("", status.Sw2 == 0 ? CommandApdu.MaxShortLe : status.Sw2, what);

    private static string Count(string before, int count, string after) =>
        string.Create(CultureInfo.InvariantCulture, $"{before}{count} {after}");
}
