using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Cli;

/// <summary>Scripts and answers as JSON: octets in hexadecimal, all else by its name in the protocol.</summary>
internal static class ScriptJson
{
    public static object Of(CommandScript script)
    {
        var next = 1;
        return new { kind = "script", script.Session, script.Number, steps = All(script.Steps) };

        List<object> All(Sequence<ScriptStep> steps) => [.. steps.Select(Step)];

        object Step(ScriptStep read)
        {
            var step = next++;
            return read switch
            {
                CardStep card => new { step, kind = "card", command = Bytes.Of(card.Command).ToString() },
                ToolkitStep toolkit =>
                    new { step, kind = "toolkit", command = Bytes.Of(toolkit.Command).ToString(), toolkit.IsShort },
                ExpectStep expect => new { step, kind = "expect", statuses = expect.Statuses.Select(Status) },
                InputStep input =>
                    new
                    {
                        step, kind = "input", input.Source, input.Format,
                        input.Offset, input.Size, input.Least, input.Most,
                    },
                ShownDigestStep digest => new { step, kind = "shownDigest", digest.Offset, digest.Length },
                PickStep pick =>
                    new { step, kind = "pick", pick.Offset, operands = pick.Operands.Select(each => each.ToString()) },
                CachedListStep { Told: var told } list =>
                    new
                    {
                        step, kind = "cachedList", list.Id, list.Version,
                        told = told is null ? null : Bytes.Of(told).ToString(),
                    },
                BranchStep branch => new { step, kind = "branch", choices = branch.Branches.Select(All).ToList() },
                SignStep sign => new { step, kind = "sign", sign.KeyReference, sign.Algorithm },
                _ => new { step, kind = read.GetType().Name },
            };
        }
    }

    public static object Of(ResponseScript answer) => new
    {
        kind = "answer",
        answer.Head?.Session,
        answer.Head?.Number,
        answer.Executed,
        results = answer.Results.Select(Result),
        stopped = answer.Stopped,
        badFormat = answer.BadFormat,
    };

    private static object Status(ExpectedStatus expected) =>
        new { status = expected.Status.ToString(), mask = expected.Mask.ToString("X4", null) };

    private static object Result(ScriptResult result) => result switch
    {
        CardResult { Answer: var answer } =>
            new { kind = "card", data = answer.Data.ToString(), status = answer.Status.ToString() },
        ToolkitResult toolkit => new
        {
            kind = "toolkit",
            toolkit.Step,
            toolkit.Result,
            objects = toolkit.Objects.Select(each => new { each.Tag, value = each.Value.ToString() }),
        },
        _ => new { kind = result.GetType().Name },
    };
}
