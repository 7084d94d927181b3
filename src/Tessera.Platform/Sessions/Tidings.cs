using Tessera.Platform.Dialogues;
using Tessera.Platform.Money;
using Tessera.Wire;

namespace Tessera.Platform.Sessions;

/// <summary>
/// What the holder is to be told about payments whose outcome was open: said before whatever comes next, and on record as
/// told only once it has been passed.
/// </summary>
internal sealed class Tidings(Journal journal, Treasury treasury)
{
    private readonly List<(IntentId Intent, string Text)> _waiting = [];
    private readonly List<IntentId> _said = [];
    private readonly HashSet<IntentId> _known = [];
    private int _leaves;

    /// <summary>Something is still to be said.</summary>
    public bool Any => _waiting.Count > 0;

    /// <summary>Takes an outcome; each is said once in a session.</summary>
    public void Take(Settlement outcome)
    {
        if (Wording.Of(outcome) is { } text && _known.Add(outcome.Intent)) _waiting.Add((outcome.Intent, text));
    }

    /// <summary>Puts what is to be said before a dialogue.</summary>
    public Node Before(Node node, Remarks remarks)
    {
        if (!Any) return node;
        var said = _waiting.AsEnumerable().Reverse().Aggregate(node, (rest, one) => remarks.Saying(one.Text, rest));
        _said.AddRange(_waiting.Select(one => one.Intent));
        _waiting.Clear();
        _leaves = Leading(said);
        return said;
    }

    /// <summary>Goes on with a dialogue that itself begins with the outcome of an intent.</summary>
    public async Task<Node> InAsync(IntentId intent, Func<Node> dialogue, CancellationToken cancel)
    {
        _known.Add(intent);
        _said.Add(intent);
        try
        {
            var node = dialogue();
            _leaves = Leading(node);
            await PassedAsync(0, cancel);
            return node;
        }
        catch (ConnectionLostException)
        {
            _known.Remove(intent);
            _said.Remove(intent);
            throw;
        }
    }

    /// <summary>The holder has passed some more steps of the dialogue.</summary>
    public async Task PassedAsync(int leaves, CancellationToken cancel)
    {
        _leaves -= leaves;
        if (_leaves > 0) return;
        foreach (var intent in _said) await ToldAsync(intent, told: true, cancel);
        _said.Clear();
    }

    /// <summary>The holder ended the dialogue, and with it what was being said.</summary>
    public Task EndedAsync(CancellationToken cancel) => PassedAsync(_leaves, cancel);

    /// <summary>What the dialogue had to say of an intent was not seen.</summary>
    public async Task MissedAsync(IntentId intent, CancellationToken cancel)
    {
        _known.Remove(intent);
        await ToldAsync(intent, told: false, cancel);
    }

    private Task<bool> ToldAsync(IntentId intent, bool told, CancellationToken cancel) =>
        journal.EffectAsync(told ? "told" : "not told", (_, token) => treasury.ToldAsync(intent, told, token), cancel);

    /// <summary>How many steps of showing a dialogue begins with.</summary>
    private static int Leading(Node node)
    {
        var count = 0;
        for (; node.Head is ShowLeaf or ScreenLeaf; node = node.Feed(null)) count++;
        return count;
    }
}
