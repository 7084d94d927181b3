using System.Text;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Toolkit.Interpretation;

/// <summary>
/// What a guarded command would really do, from the octets it acts on and not from its alpha identifier.
/// </summary>
/// <remarks>Null where it cannot be told; then the command is not performed.</remarks>
internal static class CommandPurpose
{
    private const int RecipientAt = 2;
    private const byte PackedUssd = 0x0F;
    private const byte Packed = 0x00;

    public static string? CalledNumber(ProactiveCommand command) => Number(command.Find(ObjectTag.Address));

    /// <summary>SS string: type of number and digits, as an address (ETSI TS 102 223 §8.14).</summary>
    public static string? SsRequest(ProactiveCommand command) => Number(command.Find(ObjectTag.SsString));

    /// <summary>TP-DA of an SMS-SUBMIT (3GPP TS 23.040 §9.2.2.2): digits counted, then type, then digits.</summary>
    public static string? MessageRecipient(ProactiveCommand command)
    {
        if (command.Find(ObjectTag.SmsTpdu) is not { } submit || submit.Length <= RecipientAt) return null;

        var recipient = submit.Span[RecipientAt..];
        var length = 1 + ((recipient[0] + 1) / 2);
        return recipient.Length > length ? Number(Bytes.CopyOf(recipient.Slice(1, length))) : null;
    }

    /// <summary>USSD string: coding scheme of cell broadcast and text (ETSI TS 102 223 §8.17).</summary>
    public static string? UssdRequest(ProactiveCommand command)
    {
        if (command.Find(ObjectTag.UssdString) is not { Length: > 0 } request) return null;
        var octets = request.ToArray();
        if (octets[0] == PackedUssd) octets[0] = Packed;
        return Readable(() => TextString.Decode(octets));
    }

    public static string? Url(ProactiveCommand command) =>
        command.Find(ObjectTag.Url) is { } url ? Encoding.ASCII.GetString(url.Span) : null;

    private static string? Number(Bytes? address) =>
        address is { } known ? Readable(() => DialNumber.Decode(known.Span)) : null;

    private static string? Readable(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
