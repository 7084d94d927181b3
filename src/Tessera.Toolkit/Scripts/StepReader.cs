using Tessera.Cards;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>Reads one step that holds no others.</summary>
internal static class StepReader
{
    private const int HeaderLength = 4;
    private const int StatusLength = 4;
    private const int MaxDigest = 32;

    public static bool MayFollowModifier(byte tag) =>
        tag is >= ScriptTags.Expect and <= ScriptTags.Pick or ScriptTags.CardCommand;

    /// <param name="modifiers">What acts on the step if it is a command for the card.</param>
    /// <param name="at">Where the step stands in the script.</param>
    public static ScriptStep Read(ReadOnlySpan<byte> value, byte tag, List<ScriptStep> modifiers, int at)
    {
        if (tag == ScriptTags.Head) throw new ScriptFormatException(FormatError.Head, "step", at, "a second C0");
        if (!LengthFits(tag, value.Length))
            throw new ScriptFormatException(
                FormatError.WrongLength, "step", at, $"{tag:X2} with {value.Length} octets");

        try
        {
            var reader = new ByteReader(value);
            var step = Read(ref reader, tag, modifiers) ??
                throw new ScriptFormatException(FormatError.UnknownTag, "step", at, $"{tag:X2} is no step");
            reader.ReadEnd("step");
            return step;
        }
        catch (WireFormatException bad) when (bad is not ScriptFormatException)
        {
            throw new ScriptFormatException(FormatError.MalformedStep, bad.Field, at, bad.Reason);
        }
    }

    private static bool LengthFits(byte tag, int length) => tag switch
    {
        ScriptTags.CardCommand => length >= HeaderLength,
        ScriptTags.Short => length >= 2,
        ScriptTags.Expect => length > 0 && length % StatusLength == 0,
        ScriptTags.Input => length == 4,
        ScriptTags.ShownDigest => length == 2,
        ScriptTags.Pick => length > 2,
        ScriptTags.CachedList => length >= 3,
        ScriptTags.Sign => length is SignStep.PlainLength or SignStep.PlainLength + SignStep.NonceLength,
        ScriptTags.Print => length >= 1,
        ScriptTags.Sealed => length == SealedStep.Length,
        _ => true,
    };

    private static ScriptStep? Read(ref ByteReader reader, byte tag, List<ScriptStep> modifiers) => tag switch
    {
        ScriptTags.CardCommand => ReadCommand(ref reader, modifiers),
        ScriptTags.Toolkit => new ToolkitStep(Legible(ProactiveCommand.ReadObjects(reader.ReadRest())), IsShort: false),
        ScriptTags.Short => ReadShort(ref reader),
        ScriptTags.Expect => ReadExpect(ref reader),
        ScriptTags.Input => ReadInput(ref reader),
        ScriptTags.ShownDigest => ReadShownDigest(ref reader),
        ScriptTags.Pick => ReadPick(ref reader),
        ScriptTags.CachedList => ReadCachedList(ref reader),
        ScriptTags.Sign => new SignStep(
            reader.ReadByte("key"), (SignatureAlgorithm)reader.ReadByte("algorithm"), Bytes.CopyOf(reader.ReadRest())),
        ScriptTags.Print => ReadPrint(ref reader),
        ScriptTags.Sealed => SealedStep.Read(ref reader),
        _ => null,
    };

    /// <summary>Header, Lc where there are data or a modifier adds some, data, optional Le.</summary>
    private static CardStep ReadCommand(ref ByteReader reader, List<ScriptStep> modifiers)
    {
        var inserted = modifiers.Any(modifier => modifier.Inserts);
        var (cla, ins) = (reader.ReadByte("CLA"), reader.ReadByte("INS"));
        var (p1, p2) = (reader.ReadByte("P1"), reader.ReadByte("P2"));
        var data = inserted || reader.Remaining > 1 ? reader.ReadBytes(reader.ReadByte("Lc"), "data") : Bytes.Empty;
        if (!inserted && data.Length == 0 && reader.Remaining > 1)
            throw new WireFormatException("Lc", reader.Offset, "is zero or extended");

        int? le = reader.Remaining == 0 ? null : reader.ReadByte("Le");
        var length = data.Length;
        foreach (var modifier in modifiers.Where(modifier => modifier.Inserts))
        {
            if (modifier.InsertedAt > length)
                throw new WireFormatException("offset", modifier.InsertedAt, "lies past the data");
            length += modifier.InsertedLength;
            if (length > CommandApdu.MaxShortData)
                throw new WireFormatException("Lc", 0, "more than 255 octets of data");
        }

        return new CardStep(new CommandApdu(cla, ins, p1, p2, data, le == 0 ? CommandApdu.MaxShortLe : le));
    }

    private static ToolkitStep ReadShort(ref ByteReader reader)
    {
        var type = (CommandType)reader.ReadByte("type of command");
        var qualifier = reader.ReadByte("command qualifier");
        return new ToolkitStep(Legible(ShortForm.Expand(type, qualifier, reader.ReadRest())), IsShort: true);
    }

    private static CachedListStep ReadCachedList(ref ByteReader reader)
    {
        var (id, version) = (reader.ReadByte("id"), reader.ReadUInt16("version"));
        if (reader.Remaining == 0) return new CachedListStep(id, version);
        var told = ShortForm.Expand(CommandType.SelectItem, 0, reader.ReadRest());
        if (told.Objects.Count > 1) return new CachedListStep(id, version, Legible(told));
        _ = told.Alpha;
        return new CachedListStep(id, version, told);
    }

    private static PrintStep ReadPrint(ref ByteReader reader)
    {
        var flags = reader.ReadByte("flags");
        if ((flags & ~PrintStep.PaymentFlag) != 0) throw new WireFormatException("flags", 0, $"{flags:X2} are not used here");
        var step = new PrintStep(Bytes.CopyOf(reader.ReadRest()), flags == PrintStep.PaymentFlag);
        if (step.TextString.Length == 0)
            return step.WithPayment ? step : throw new WireFormatException("text", 1, "nothing is to be printed");
        if (step.TextString.Span[0] is not (TextString.GsmDcs or TextString.Ucs2Dcs) || step.Text.Length == 0)
            throw new WireFormatException("text", 1, "has no DCS 04 or 08, or no character");
        return step;
    }

    /// <summary>Fails where texts do not decode or two items share an identifier.</summary>
    private static ProactiveCommand Legible(ProactiveCommand command)
    {
        _ = (command.Text, command.Alpha, command.DefaultText);
        var items = command.Items;
        if (command.Type != CommandType.SelectItem) return command;

        var written = command.Objects.Count(found => found.Name == ObjectTag.Item);
        if (items.Count == 0 || items.Count != written)
            throw new WireFormatException("items", 0, "an empty one or none");
        if (items.Any(item => item.Identifier == 0) || items.DistinctBy(item => item.Identifier).Count() != items.Count)
            throw new WireFormatException("items", 0, "identifiers are 1 to 255, all different");
        return command;
    }

    private static ExpectStep ReadExpect(ref ByteReader reader)
    {
        var statuses = new List<ExpectedStatus>();
        while (reader.Remaining > 0)
            statuses.Add(new ExpectedStatus(StatusWord.Read(ref reader), reader.ReadUInt16("mask")));
        return new ExpectStep(statuses.ToSequence());
    }

    private static InputStep ReadInput(ref ByteReader reader)
    {
        var offset = reader.ReadByte("offset");
        var kind = reader.ReadByte("source and format");
        var size = reader.ReadByte("size");
        var bounds = reader.ReadByte("bounds");
        var input = new InputStep(
            offset, (InputSource)(kind & 0xF), (InputFormat)(kind >> 4), size,
            (byte)(bounds >> 4), (byte)(bounds & 0xF));
        if (!Enum.IsDefined(input.Source) || !Enum.IsDefined(input.Format))
            throw new WireFormatException("source and format", 1, $"{kind:X2} is not used here");
        if (size == 0) throw new WireFormatException("size", 2, "is zero");
        if (input.Source == InputSource.Amount && (input.Format != InputFormat.Binary || size != InputStep.AmountSize))
            throw new WireFormatException("format", 1, "an amount is binary, 4 octets");
        if (input.Source == InputSource.Text && input.Format != InputFormat.Ascii)
            throw new WireFormatException("format", 1, "a text is ASCII");
        if (input.Source == InputSource.Finger && input != InputStep.Finger)
            throw new WireFormatException("source and format", 1, "a finger is binary, 187 octets at 0, without bounds");
        if (input.Most > 0 && input.Least > input.Most || input.Least > input.Fitting || input.Most > input.Fitting)
            throw new WireFormatException("bounds", 3, $"{bounds:X2} do not fit");
        return input;
    }

    private static ShownDigestStep ReadShownDigest(ref ByteReader reader)
    {
        var digest = new ShownDigestStep(reader.ReadByte("offset"), reader.ReadByte("length"));
        if (digest.Length is 0 or > MaxDigest) throw new WireFormatException("length", 1, "is 1 to 32");
        return digest;
    }

    private static PickStep ReadPick(ref ByteReader reader)
    {
        var offset = reader.ReadByte("offset");
        var size = reader.ReadByte("size");
        if (size == 0 || reader.Remaining % size != 0)
            throw new WireFormatException("size", 1, "does not divide the operands");

        var operands = new List<Bytes>();
        while (reader.Remaining > 0) operands.Add(reader.ReadBytes(size, "operand"));
        return new PickStep(offset, operands.ToSequence());
    }
}
