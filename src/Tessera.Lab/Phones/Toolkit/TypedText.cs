using System.Text;
using Tessera.Lab.Phones.Screens;
using Tessera.Sms.Messages;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Lab.Phones.Toolkit;

/// <summary>
/// What the holder types for GET INKEY and GET INPUT, and how the SIM wants it (ETSI TS 102 223 §6.8).
/// </summary>
internal static class TypedText
{
    /// <summary>Octets of text that fit a TERMINAL RESPONSE of 255.</summary>
    private const int MostOctets = 239;

    private const byte PackedDcs = 0x00;
    private const byte OctetsDcs = 0x04;
    private const byte Ucs2Dcs = 0x08;

    public static EntryAlphabet AlphabetOf(ProactiveCommand command)
    {
        var qualifier = (InputQualifier)command.Qualifier;
        if (!qualifier.HasFlag(InputQualifier.Letters)) return EntryAlphabet.Digits;
        return qualifier.HasFlag(InputQualifier.Ucs2) ? EntryAlphabet.Ucs2 : EntryAlphabet.Gsm;
    }

    /// <summary>Rules of a GET INPUT: no more than its answer has room for.</summary>
    public static EntryRules RulesOf(ProactiveCommand command)
    {
        var length = command.ResponseLength!.Value;
        var alphabet = AlphabetOf(command);
        var most = Math.Min(length.Most, alphabet == EntryAlphabet.Ucs2 ? MostOctets / 2 : MostOctets);
        return new EntryRules(alphabet, length.Least, most, command.IsHiddenInput);
    }

    /// <summary>The default text, as far as it could have been typed.</summary>
    public static string DefaultOf(ProactiveCommand command, EntryRules rules)
    {
        if (rules.Hidden || command.DefaultText is not { } text || !text.All(rules.Takes)) return "";
        return rules.Length(text) <= rules.Most ? text : "";
    }

    public static ComprehensionTlv Of(ProactiveCommand command, string typed) => new(
        (byte)ObjectTag.TextString | ComprehensionTlv.Required,
        Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            var packed = command.Type == CommandType.GetInput
                && ((InputQualifier)command.Qualifier).HasFlag(InputQualifier.Packed);
            if (AlphabetOf(command) == EntryAlphabet.Ucs2)
            {
                writer.WriteByte(Ucs2Dcs);
                Encoding.BigEndianUnicode.GetBytes(typed, output);
            }
            else if (packed)
            {
                writer.WriteByte(PackedDcs);
                writer.WriteBytes(Septets.Pack(Bytes.Of(septets => GsmAlphabet.Write(typed, septets)).Span));
            }
            else
            {
                writer.WriteByte(OctetsDcs);
                GsmAlphabet.Write(typed, output);
            }
        }));
}
