using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Signing;

/// <summary>
/// Script and answer up to a signature: what a session did behind it is no part of what was signed, and no business of
/// who reads the evidence (docs/protocols/evidence.md §2).
/// </summary>
internal static class SignatureExcerpt
{
    /// <summary>The script without what stands behind the step; the ordinals of what is left are the same.</summary>
    public static Bytes Of(Bytes script, byte step)
    {
        var whole = script.Read<CommandScript>();
        byte next = 0;
        return Bytes.Of(whole with { Steps = UpTo(whole.Steps) });

        Sequence<ScriptStep> UpTo(Sequence<ScriptStep> steps)
        {
            List<ScriptStep> kept = [];
            foreach (var one in steps)
            {
                if (next == step) break;
                next++;
                if (one is not BranchStep branch)
                {
                    kept.Add(one);
                    continue;
                }

                List<Sequence<ScriptStep>> ways = [];
                foreach (var way in branch.Branches)
                {
                    if (next == step) break;
                    ways.Add(UpTo(way));
                }

                kept.Add(new BranchStep(ways.ToSequence()));
            }

            return kept.ToSequence();
        }
    }

    /// <summary>The answer that a terminal gives to that script.</summary>
    /// <param name="commands">Commands that the card answered up to the step.</param>
    public static Bytes OfAnswer(Bytes answer, byte step, int commands)
    {
        var whole = answer.Read<ResponseScript>();
        var left = commands;
        return Bytes.Of(whole with
        {
            Executed = commands,
            Results = whole.Results
                .Where(result => result is ToolkitResult told ? told.Step <= step : left-- > 0).ToSequence(),
            End = null,
        });
    }
}
