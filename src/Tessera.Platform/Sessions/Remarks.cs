using Tessera.Platform.Dialogues;
using Tessera.Platform.Views;
using Tessera.Toolkit;

namespace Tessera.Platform.Sessions;

/// <summary>What a session says and asks of its own accord, put before the rest of a dialogue.</summary>
/// <param name="text">How a text display takes it; null where a page shows and asks.</param>
/// <param name="profile">What the terminal has.</param>
internal sealed class Remarks(TextForm? text, TerminalProfile profile)
{
    private readonly Equipment _equipment = new(profile);

    /// <summary>A dialogue as the terminal takes it.</summary>
    public Node Form(Node node)
    {
        var equipped = _equipment.Of(node);
        return text is null ? equipped : text.Of(equipped);
    }

    /// <summary>Says something, and goes on.</summary>
    public Node Saying(string words, Node rest) => Node.Before(Form(new ShowLeaf(View.Of(words))), rest);

    /// <summary>Says why, and ends the dialogue.</summary>
    public Node Ending(string words, DialogueEnd end, Node rest) => Saying(words, Node.Before(new EndLeaf(end), rest));

    /// <summary>Offers the PUK, and goes on when there is a new PIN.</summary>
    public Node PinBlocked(Node rest)
    {
        Option[] options =
        [
            new(Wording.Unblock, new UnblockPinLeaf()), new(Wording.Stop, new EndLeaf(DialogueEnd.PinBlocked)),
        ];
        return Node.Before(Form(new Choice(View.Titled(Wording.PinBlocked), options)), rest);
    }

    /// <summary>Goes on with what was typed, or asks again.</summary>
    public Node Feed(TextLeaf asked, string typed, Node node) => typed.Length >= asked.Least && typed.Length <= asked.Most
        ? node.Feed(typed)
        : Saying(Wording.Length(asked.Least, asked.Most), node);

    /// <summary>Goes on with what was typed, or asks again.</summary>
    public Node Feed(AmountLeaf asked, string typed, Node node) =>
        Amount.TryParse(typed, out var amount) && amount >= asked.Least && amount <= asked.Most
            ? node.Feed(amount)
            : Saying(Wording.Bounds(asked.Least, asked.Most), node);
}
