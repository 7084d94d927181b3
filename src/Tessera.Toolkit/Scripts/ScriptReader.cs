using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>
/// Reads the frame of a script: head, lists of steps, branches; says which rule of the format is broken.
/// </summary>
internal static class ScriptReader
{
    public static CommandScript Read(ref ByteReader reader)
    {
        var start = reader.Offset;
        var end = ReadTag(ref reader, start + reader.Remaining, out var tag);
        if (tag != ScriptTags.Script) throw Bad(FormatError.UnknownTag, start, $"{tag:X2} is no script");
        if (end - start > CommandScript.MaxLength) throw Bad(FormatError.WrongLength, start, "more than 8192 octets");

        var head = ReadHead(ref reader, end);
        try
        {
            if (head.Version != ScriptHead.CurrentVersion)
                throw Bad(FormatError.Head, start, $"version {head.Version}");
            if (head.Number == 0) throw Bad(FormatError.Head, start, "number 0");
            var count = 0;
            return new CommandScript(head.Session, head.Number, ReadSteps(ref reader, end, 0, ref count));
        }
        catch (ScriptFormatException bad)
        {
            throw new ScriptFormatException(bad.Error, bad.Field, bad.Offset, bad.Reason) { Head = head };
        }
    }

    private static ScriptHead ReadHead(ref ByteReader reader, int end)
    {
        var at = reader.Offset;
        if (at == end) throw Bad(FormatError.Head, at, "no C0");
        var until = ReadTag(ref reader, end, out var tag);
        if (tag != ScriptTags.Head) throw Bad(FormatError.Head, at, $"{tag:X2} where C0 belongs");
        if (until - reader.Offset != ScriptHead.Length) throw Bad(FormatError.WrongLength, at, "C0 has 4 octets");
        return ScriptHead.Read(ref reader);
    }

    private static Sequence<ScriptStep> ReadSteps(ref ByteReader reader, int end, int depth, ref int count)
    {
        var steps = new List<ScriptStep>();
        var modifiers = new List<ScriptStep>();
        while (reader.Offset < end)
        {
            var at = reader.Offset;
            if (++count > CommandScript.MaxSteps) throw Bad(FormatError.TooManySteps, at, "more than 96 steps");
            var until = ReadTag(ref reader, end, out var tag);
            if (modifiers.Count > 0 && !StepReader.MayFollowModifier(tag))
                throw Bad(FormatError.NothingToModify, at, "a modifier stands before it");

            var step = tag == ScriptTags.Branches
                ? ReadBranches(ref reader, until, depth, ref count)
                : StepReader.Read(reader.ReadOctets(until - reader.Offset, "step"), tag, modifiers, at);
            steps.Add(step);
            if (step.IsModifier) modifiers.Add(step);
            else modifiers.Clear();
        }

        if (modifiers.Count > 0) throw Bad(FormatError.NothingToModify, end, "the list ends with a modifier");
        return steps.ToSequence();
    }

    private static BranchStep ReadBranches(ref ByteReader reader, int end, int depth, ref int count)
    {
        var branches = new List<Sequence<ScriptStep>>();
        while (reader.Offset < end)
        {
            var at = reader.Offset;
            var until = ReadTag(ref reader, end, out var tag);
            if (tag != ScriptTags.Branch) throw Bad(FormatError.UnknownTag, at, $"{tag:X2} where E2 belongs");
            if (depth == CommandScript.MaxDepth) throw Bad(FormatError.TooDeep, at, "more than 4 deep");
            branches.Add(ReadSteps(ref reader, until, depth + 1, ref count));
        }

        if (branches.Count == 0) throw Bad(FormatError.WrongLength, end, "no branch");
        return new BranchStep(branches.ToSequence());
    }

    /// <summary>
    /// Reads tag and length; returns where the value ends, which is not after <paramref name="end"/>.
    /// </summary>
    private static int ReadTag(ref ByteReader reader, int end, out byte tag)
    {
        var at = reader.Offset;
        try
        {
            tag = reader.ReadByte("tag");
            var length = Tlv.ReadLength(ref reader);
            if (reader.Offset > end) throw Bad(FormatError.LengthNotFound, at, "the list ends before the length");
            if (length > end - reader.Offset)
                throw Bad(FormatError.WrongLength, at, $"{length} octets, {end - reader.Offset} left");
            return reader.Offset + length;
        }
        catch (WireFormatException bad) when (bad is not ScriptFormatException)
        {
            throw Bad(FormatError.LengthNotFound, at, bad.Reason);
        }
    }

    private static ScriptFormatException Bad(FormatError error, int at, string reason) =>
        new(error, "script", at, reason);
}
