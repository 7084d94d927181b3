using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>The short forms of the five commands that nearly every script uses (docs/protocols/script.md §3).</summary>
/// <remarks>
/// <code>
/// PLAY TONE      [tone [unit, interval]]
/// DISPLAY TEXT   DCS, text
/// GET INKEY      DCS, text
/// GET INPUT      least, most, DCS, text
/// SELECT ITEM    L title, { L item }
/// </code>
/// </remarks>
internal static class ShortForm
{
    private const int ToneAndDuration = 3;

    /// <summary>True when the short form expands to exactly this command.</summary>
    public static bool Has(ProactiveCommand command)
    {
        try
        {
            return Body(command) is { } body && Expand(command.Type, command.Qualifier, body.Span) == command;
        }
        catch (WireFormatException)
        {
            return false;
        }
    }

    /// <exception cref="ArgumentException">The command has no short form.</exception>
    public static void Write(ByteWriter writer, ProactiveCommand command)
    {
        writer.WriteByte((byte)command.Type);
        writer.WriteByte(command.Qualifier);
        WriteBody(writer, command);
    }

    /// <summary>What stands behind type and qualifier.</summary>
    /// <exception cref="ArgumentException">The command has no short form.</exception>
    public static void WriteBody(ByteWriter writer, ProactiveCommand command) => writer.WriteBytes(Body(command) ??
        throw new ArgumentException($"This {command.Type} has no short form.", nameof(command)));

    /// <exception cref="WireFormatException">A type without a short form, or a body that is not its own.</exception>
    public static ProactiveCommand Expand(CommandType type, byte qualifier, ReadOnlySpan<byte> body)
    {
        var reader = new ByteReader(body);
        return type switch
        {
            CommandType.PlayTone => ProactiveCommand.New(type, qualifier, Device.Earpiece, ReadTone(ref reader)),
            CommandType.DisplayText => ProactiveCommand.New(type, qualifier, Device.Display, ReadText(ref reader)),
            CommandType.GetInkey => ProactiveCommand.New(type, qualifier, Device.Terminal, ReadText(ref reader)),
            CommandType.GetInput => ProactiveCommand.New(type, qualifier, Device.Terminal, ReadInput(ref reader)),
            CommandType.SelectItem => ProactiveCommand.New(type, qualifier, Device.Terminal, ReadItems(ref reader)),
            _ => throw new WireFormatException("type of command", 0, $"{(byte)type:X2} has no short form"),
        };
    }

    private static Bytes? Body(ProactiveCommand command) => command.Type switch
    {
        CommandType.PlayTone => Joined(command.Find(ObjectTag.Tone), command.Find(ObjectTag.Duration)),
        CommandType.DisplayText or CommandType.GetInkey => command.Find(ObjectTag.TextString),
        CommandType.GetInput => Joined(command.Find(ObjectTag.ResponseLength), command.Find(ObjectTag.TextString)),
        CommandType.SelectItem => Bytes.Of(output => WriteItems(new ByteWriter(output), command)),
        _ => null,
    };

    private static Bytes Joined(Bytes? first, Bytes? second) =>
        new((byte[])[.. (first ?? Bytes.Empty).Span, .. (second ?? Bytes.Empty).Span]);

    private static void WriteItems(ByteWriter writer, ProactiveCommand command)
    {
        WriteText(writer, (command.Find(ObjectTag.AlphaIdentifier) ?? Bytes.Empty).Span);
        foreach (var item in command.Objects.Where(found => found is { Name: ObjectTag.Item, Value.Length: > 0 }))
            WriteText(writer, item.Value.Span[1..]);
    }

    private static void WriteText(ByteWriter writer, ReadOnlySpan<byte> text)
    {
        Tlv.WriteLength(writer, text.Length);
        writer.WriteOctets(text);
    }

    private static ComprehensionTlv[] ReadTone(ref ByteReader reader)
    {
        if (reader.Remaining == 0) return [];
        var duration = reader.Remaining >= ToneAndDuration;
        var tone = ComprehensionTlv.Of(ObjectTag.Tone, reader.ReadByte("tone"));
        ComprehensionTlv[] objects =
            duration ? [tone, ComprehensionTlv.Of(ObjectTag.Duration, reader.ReadOctets(2, "duration"))] : [tone];
        reader.ReadEnd("PLAY TONE");
        return objects;
    }

    private static ComprehensionTlv[] ReadText(ref ByteReader reader)
    {
        var text = reader.ReadRest();
        if (text.IsEmpty || text[0] is not (TextString.GsmDcs or TextString.Ucs2Dcs))
            throw new WireFormatException("DCS", 0, "is 04 or 08 in a short form");
        return [ComprehensionTlv.Of(ObjectTag.TextString, text)];
    }

    private static ComprehensionTlv[] ReadInput(ref ByteReader reader)
    {
        var length = ComprehensionTlv.Of(ObjectTag.ResponseLength, reader.ReadOctets(2, "response length"));
        return [.. ReadText(ref reader), length];
    }

    private static ComprehensionTlv[] ReadItems(ref ByteReader reader)
    {
        var objects = new List<ComprehensionTlv>
        {
            ComprehensionTlv.Of(ObjectTag.AlphaIdentifier, reader.ReadOctets(Tlv.ReadLength(ref reader), "title")),
        };
        for (var identifier = 1; reader.Remaining > 0; identifier++)
        {
            if (identifier > byte.MaxValue) throw new WireFormatException("items", reader.Offset, "more than 255");
            var text = reader.ReadOctets(Tlv.ReadLength(ref reader), "item");
            objects.Add(ComprehensionTlv.Of(ObjectTag.Item, [(byte)identifier, .. text]));
        }

        return [.. objects];
    }
}
