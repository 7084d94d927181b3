using System.Diagnostics.CodeAnalysis;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>
/// A list of steps that runs next to a card (docs/protocols/script.md §1, the expanded format of ETSI TS 102 226).
/// </summary>
/// <remarks>
/// <code>
/// AA L
///   C0 04 version 1 | session 2 | number 1
///   steps, in their order
/// </code>
/// At most 8192 octets, 96 steps after C0, branches four deep.
/// </remarks>
public sealed record CommandScript(ushort Session, byte Number, Sequence<ScriptStep> Steps)
    : IWireFormat<CommandScript>
{
    public const int MaxLength = 8192;
    public const int MaxSteps = 96;
    public const int MaxDepth = 4;

    public ScriptHead Head => new(ScriptHead.CurrentVersion, Session, Number);

    /// <exception cref="ScriptFormatException">The octets are no script of ours.</exception>
    public static CommandScript Read(ref ByteReader reader) => ScriptReader.Read(ref reader);

    /// <summary>
    /// Reads a whole script; where it is none, <paramref name="refusal"/> is the answer that says why.
    /// </summary>
    public static bool TryRead(
        Bytes octets,
        [NotNullWhen(true)] out CommandScript? script,
        [NotNullWhen(false)] out ResponseScript? refusal)
    {
        (script, refusal) = (null, null);
        try
        {
            var reader = new ByteReader(octets.Span);
            var read = Read(ref reader);
            if (reader.Remaining == 0) script = read;
            else refusal = ResponseScript.Refusing(FormatError.WrongLength, read.Head);
        }
        catch (ScriptFormatException bad)
        {
            refusal = ResponseScript.Refusing(bad.Error, bad.Head);
        }

        return script is not null;
    }

    public void Write(ByteWriter writer) => Tlv.Write(writer, ScriptTags.Script, Bytes.Of(output =>
    {
        var inner = new ByteWriter(output);
        Tlv.Write(inner, ScriptTags.Head, Bytes.Of(Head).Span);
        StepWriter.WriteAll(inner, Steps);
    }).Span);

    /// <summary>All steps with their ordinals, depth first in the order of their tags; C0 is 0.</summary>
    public IEnumerable<NumberedStep> Numbered()
    {
        var next = 1;
        return Number(Steps, 0);

        IEnumerable<NumberedStep> Number(Sequence<ScriptStep> steps, int depth)
        {
            foreach (var step in steps)
            {
                yield return new NumberedStep((byte)next++, step, depth);
                if (step is not BranchStep branch) continue;
                foreach (var inner in branch.Branches.SelectMany(list => Number(list, depth + 1))) yield return inner;
            }
        }
    }
}

/// <summary>A step and the ordinal by which the answer names it.</summary>
public readonly record struct NumberedStep(byte Ordinal, ScriptStep Step, int Depth);
