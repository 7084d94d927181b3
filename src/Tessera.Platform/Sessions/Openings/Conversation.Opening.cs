using Tessera.Platform.Dialogues;
using Tessera.Toolkit.Scripts;

namespace Tessera.Platform.Sessions;

internal sealed partial class Conversation
{
    /// <summary>Octets and steps of a script beside what goes with it: it asks a card who it is.</summary>
    private const int OpeningOctets = 200;

    private const int OpeningSteps = 16;

    private bool _isAligned;

    /// <summary>
    /// What of the dialogue an application begins with can go with the script that asks the card who it is: nothing that
    /// moves value or writes, which are made for one card; of a choice each way as far as that. Null where that is nothing.
    /// </summary>
    public ScriptPlan? Opening(Node dialogue)
    {
        var plan = ScriptPlan.For(Form(dialogue), new LoweringOptions(
            Rich: page is not null, card.Seat.Link.Traits.MaxScript - OpeningOctets, SelectsPurse: false, facts.Merchant,
            Moves: false, Costly: true)
        {
            Fields = false,
            Selected = Applet.Either,
            Signing = _check.DependsOnCard ? null : _signing.TermsFor(card.IsByCertificate),
        });
        return plan.IsEmpty || plan.Piece.Count > CommandScript.MaxSteps - OpeningSteps ? null : plan;
    }

    /// <summary>Tells the holder that the opening leads them through a dialogue.</summary>
    public ValueTask TellOpeningAsync(CancellationToken cancel) =>
        TellAsync(PageState.LookAtTerminal, Wording.LookAtTerminal, cancel);

    /// <summary>
    /// Sees to it that the card is in line before anything but what its session began with: it has given its S1, and has
    /// what must be on it.
    /// </summary>
    public async Task AlignAsync(CancellationToken cancel)
    {
        if (_isAligned) return;
        _isAligned = true;
        await card.ProveLaterAsync(cancel);
        await BringAsync(cancel);
    }

    /// <summary>
    /// Takes what came of the dialogue in the opening, now that the card is proven, and leads on where it did not end there.
    /// </summary>
    /// <param name="dialogue">Begins as the one that was led; more may stand behind.</param>
    /// <exception cref="InvalidOperationException">It begins otherwise.</exception>
    private async Task<Node> TakeOpeningAsync(LedOpening led, Node dialogue, CancellationToken cancel)
    {
        if (Opening(dialogue) is not { } plan || plan.Asked != led.Asked)
            throw new InvalidOperationException("The application does not begin with the dialogue that it opens with.");
        await card.CheckAsync(cancel);
        if (plan.Piece.Verifies) await failures.BeginAsync(cancel);
        var pass = new Pass(plan, null, NoOrders) { Before = led.Before, Reading = led.Reading };
        pass.IsThrough = await FeedAsync(pass, plan.Piece.Leaves, cancel);
        var rest = Ended(pass, led.Reading);
        if (rest.Head is null) return rest;
        var (answers, signed) = (_answers, _signed);
        await AlignAsync(cancel);
        (_answers, _signed) = (answers, signed);
        return Begin(await StockAsync(rest, cancel));
    }
}
