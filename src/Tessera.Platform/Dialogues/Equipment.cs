using Tessera.Toolkit;

namespace Tessera.Platform.Dialogues;

/// <summary>Rewrites a dialogue for a terminal: what it has no printer or no second card for is left out.</summary>
internal sealed class Equipment(TerminalProfile profile)
{
    public Node Of(Node node) => node switch
    {
        Both both => Node.Then(Of(both.First), Of(both.Second)),
        Map map => Node.MapTo(Of(map.Inner), map.Apply),
        Choice choice => choice with
        {
            Options = [.. choice.Options.Select(option => option with { Then = Of(option.Then) })],
        },
        PrintLeaf when !profile.HasPrinter => new Finished(false),
        SecondCardLeaf when !profile.HasAdditionalReader => new Finished(null),
        _ => node,
    };
}
