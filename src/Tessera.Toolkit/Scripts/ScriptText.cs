using System.Globalization;
using System.Text;
using Tessera.Toolkit.Commands;
using Tessera.Wire;

namespace Tessera.Toolkit.Scripts;

/// <summary>Scripts and answers for people: a line for each step and result, names first, then octets.</summary>
public static class ScriptText
{
    private const int Indent = 2;

    /// <summary>The head, then each step behind its ordinal, branches indented.</summary>
    public static IReadOnlyList<string> Describe(CommandScript script)
    {
        var lines = new List<string> { $"script: {script.Head}" };
        var ordinal = 1;
        DescribeAll(script.Steps, 1);
        return lines;

        void DescribeAll(Sequence<ScriptStep> steps, int depth)
        {
            foreach (var step in steps)
            {
                lines.Add(Line(depth, $"{ordinal++,2}  {Describe(step)}"));
                if (step is not BranchStep branches) continue;
                for (var i = 0; i < branches.Branches.Count; i++)
                {
                    lines.Add(Line(depth + 1, $"choice {i + 1}:"));
                    DescribeAll(branches.Branches[i], depth + 2);
                }
            }
        }
    }

    /// <summary>The head, how many commands were executed, each result, and why there are no more.</summary>
    public static IReadOnlyList<string> Describe(ResponseScript answer)
    {
        var lines = new List<string>
        {
            answer.Head is { } head ? $"answer: {head}" : "answer to octets without a readable head",
            Line(1, $"{answer.Executed} commands executed"),
        };
        lines.AddRange(answer.Results.Select(result => Line(1, Describe(result))));
        if (answer.Stopped is { } stopped)
            lines.Add(Line(1, $"stopped at step {stopped.Step}: {Words(stopped.Reason)}"));
        if (answer.BadFormat is { } bad) lines.Add(Line(1, $"bad format: {Words(bad.Error)}"));
        return lines;
    }

    private static string Describe(ScriptStep step) => step switch
    {
        CardStep card => $"card {Bytes.Of(card.Command)}",
        ToolkitStep { IsShort: true } toolkit => $"{Describe(toolkit.Command)}",
        ToolkitStep toolkit => $"{Describe(toolkit.Command)} (long form)",
        ExpectStep expect => $"expect {string.Join(", ", expect.Statuses.Select(Describe))}",
        InputStep input =>
            $"input {Words(input.Source)} at {input.Offset}, {input.Size} octets {Words(input.Format)}, " +
            $"{input.Least} to {(input.Most == 0 ? input.Fitting : input.Most)} characters",
        ShownDigestStep digest => $"digest at {digest.Offset}, {digest.Length} octets",
        PickStep pick => $"pick at {pick.Offset} of {string.Join(" | ", pick.Operands)}",
        CachedListStep list => $"cached list {list.Id}, version {list.Version}{DescribeTold(list.Told)}",
        BranchStep => "branch",
        PrintStep print => $"print{(print.WithPayment ? " the payment" : "")} {Quoted(print.Text)}",
        SealedStep entry => $"{Words(entry.Source)} for verifier {entry.Verifier}, nonce {entry.Nonce}",
        SignStep { Nonce.Length: 0 } sign => $"sign with key {sign.KeyReference:X2}, {sign.Algorithm}",
        SignStep sign => $"sign with key {sign.KeyReference:X2}, {sign.Algorithm}, nonce {sign.Nonce}",
        _ => step.GetType().Name,
    };

    private static string DescribeTold(ProactiveCommand? told) => told switch
    {
        null => "",
        { Items.Count: 0 } => $", titled {Quoted(told.Alpha ?? "")}",
        _ => $", to be kept: {Describe(told)}",
    };

    private static string Describe(ExpectedStatus expected) => expected.Mask == 0xFFFF
        ? expected.Status.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"{expected.Status} mask {expected.Mask:X4}");

    private static string Describe(ProactiveCommand command)
    {
        var line = new StringBuilder(Words(command.Type).ToUpperInvariant());
        if (command.Qualifier != 0) line.Append(CultureInfo.InvariantCulture, $" {command.Qualifier:X2}");
        if (command.Alpha is { Length: > 0 } alpha) line.Append(CultureInfo.InvariantCulture, $" {Quoted(alpha)}");
        if (command.Text is { } text) line.Append(CultureInfo.InvariantCulture, $" {Quoted(text)}");
        if (command.ResponseLength is { } length)
            line.Append(CultureInfo.InvariantCulture, $" {length.Least} to {length.Most}");
        foreach (var item in command.Items)
            line.Append(CultureInfo.InvariantCulture, $" {item.Identifier}={Quoted(item.Text)}");
        if (command.Duration is { } duration) line.Append(CultureInfo.InvariantCulture, $" {duration.TotalSeconds} s");
        return line.ToString();
    }

    private static string Describe(ScriptResult result) => result switch
    {
        CardResult card when card.Answer.Data.Length == 0 => $"card {card.Answer.Status}",
        CardResult card => $"card {card.Answer.Data} {card.Answer.Status}",
        ToolkitResult toolkit => Describe(toolkit),
        _ => result.GetType().Name,
    };

    private static string Describe(ToolkitResult result)
    {
        var line = new StringBuilder($"step {result.Step}: {Words(result.Result)}");
        if (result.Item is { } item) line.Append(CultureInfo.InvariantCulture, $", item {item}");
        foreach (var found in result.Objects.Where(found => found.Name != ObjectTag.ItemIdentifier))
            line.Append(CultureInfo.InvariantCulture, $", {Describe(found)}");
        return line.ToString();
    }

    private static string Describe(ComprehensionTlv found)
    {
        try
        {
            if (found.Name == ObjectTag.TextString) return Quoted(TextString.Decode(found.Value.Span));
        }
        catch (WireFormatException)
        {
            return $"unreadable text {found.Value}";
        }

        return $"{found.Tag:X2} {found.Value}";
    }

    private static string Quoted(string text) =>
        $"\"{string.Concat(text.Select(c => char.IsControl(c) ? $"\\x{(int)c:X2}" : c.ToString()))}\"";

    private static string Line(int depth, string text) => new string(' ', depth * Indent) + text;

    /// <summary>The name of a code as words: NoAnswerFromHolder is "no answer from holder".</summary>
    private static string Words<T>(T code) where T : struct, Enum
    {
        if (!Enum.IsDefined(code)) return $"code {code:X}";
        var words = new StringBuilder();
        foreach (var c in code.ToString())
        {
            if (char.IsUpper(c) && words.Length > 0) words.Append(' ');
            words.Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }
}
