using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>Writes steps as <see cref="ScriptReader"/> reads them.</summary>
internal static class StepWriter
{
    public static void WriteAll(ByteWriter writer, Sequence<ScriptStep> steps)
    {
        var inserted = false;
        foreach (var step in steps)
        {
            var completed = inserted && step is CardStep;
            Tlv.Write(writer, Tag(step), Bytes.Of(output => WriteValue(new ByteWriter(output), step, completed)).Span);
            inserted = step.IsModifier && (inserted || step.Inserts);
        }
    }

    private static byte Tag(ScriptStep step) => step switch
    {
        CardStep => ScriptTags.CardCommand,
        ToolkitStep { IsShort: true } => ScriptTags.Short,
        ToolkitStep => ScriptTags.Toolkit,
        ExpectStep => ScriptTags.Expect,
        InputStep => ScriptTags.Input,
        ShownDigestStep => ScriptTags.ShownDigest,
        PickStep => ScriptTags.Pick,
        CachedListStep => ScriptTags.CachedList,
        BranchStep => ScriptTags.Branches,
        SignStep => ScriptTags.Sign,
        PrintStep => ScriptTags.Print,
        SealedStep => ScriptTags.Sealed,
        _ => throw new ArgumentException($"{step.GetType().Name} has no tag.", nameof(step)),
    };

    private static void WriteValue(ByteWriter writer, ScriptStep step, bool completed)
    {
        switch (step)
        {
            case CardStep card: WriteCommand(writer, card, completed); break;
            case ToolkitStep { IsShort: true } toolkit: ShortForm.Write(writer, toolkit.Command); break;
            case ToolkitStep toolkit: toolkit.Command.WriteObjects(writer); break;
            case ExpectStep expect: WriteExpect(writer, expect); break;
            case InputStep input: WriteInput(writer, input); break;
            case ShownDigestStep digest: writer.WriteOctets([digest.Offset, digest.Length]); break;
            case PickStep pick: WritePick(writer, pick); break;
            case CachedListStep list: WriteCachedList(writer, list); break;
            case BranchStep branches: WriteBranches(writer, branches); break;
            case PrintStep print: print.WriteValue(writer); break;
            case SealedStep entry: entry.WriteValue(writer); break;
            case SignStep sign: writer.WriteOctets([sign.KeyReference, (byte)sign.Algorithm, .. sign.Nonce.Span]); break;
        }
    }

    /// <summary>A command that modifiers complete has an Lc even without data of its own.</summary>
    private static void WriteCommand(ByteWriter writer, CardStep step, bool completed)
    {
        if (!completed || step.Command.Data.Length > 0)
        {
            step.Command.Write(writer);
            return;
        }

        (step.Command with { Le = null }).Write(writer);
        writer.WriteByte(0);
        if (step.Command.Le is { } le) writer.WriteByte((byte)le);
    }

    private static void WriteCachedList(ByteWriter writer, CachedListStep list)
    {
        writer.WriteByte(list.Id);
        writer.WriteUInt16(list.Version);
        if (list.Told is { } told) ShortForm.WriteBody(writer, told);
    }

    private static void WriteExpect(ByteWriter writer, ExpectStep expect)
    {
        foreach (var expected in expect.Statuses)
        {
            expected.Status.Write(writer);
            writer.WriteUInt16(expected.Mask);
        }
    }

    private static void WriteInput(ByteWriter writer, InputStep input)
    {
        writer.WriteByte(input.Offset);
        writer.WriteByte((byte)(((byte)input.Format << 4) | (byte)input.Source));
        writer.WriteByte(input.Size);
        writer.WriteByte((byte)((input.Least << 4) | input.Most));
    }

    private static void WritePick(ByteWriter writer, PickStep pick)
    {
        writer.WriteByte(pick.Offset);
        writer.WriteByte((byte)pick.InsertedLength);
        foreach (var operand in pick.Operands) writer.WriteBytes(operand);
    }

    private static void WriteBranches(ByteWriter writer, BranchStep branches)
    {
        foreach (var branch in branches.Branches)
            Tlv.Write(writer, ScriptTags.Branch, Bytes.Of(output => WriteAll(new ByteWriter(output), branch)).Span);
    }
}
