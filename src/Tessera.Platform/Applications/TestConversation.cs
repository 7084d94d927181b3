using Tessera.Platform.Dialogues;
using Tessera.Platform.Sessions;
using Tessera.Platform.Signing;
using Tessera.Platform.Views;
using Tessera.Toolkit;

namespace Tessera.Platform.Applications;

/// <summary>Leads the holder of a test through a dialogue, script by script, as a session would.</summary>
internal sealed class TestConversation
{
    private readonly TestHolder _holder;
    private readonly string _merchant;
    private readonly bool _rich;
    private readonly bool _signs;
    private readonly LoweringOptions _options;
    private readonly Remarks _remarks;
    private int _answers;

    public TestConversation(
        TestHolder holder, TerminalProfile profile, int maxScript, bool isCostly, string merchant)
    {
        (_holder, _merchant, _rich, _signs) = (holder, merchant, profile.HasRichPages, !isCostly);
        _options = new LoweringOptions(_rich, maxScript, SelectsPurse: !isCostly, merchant, Costly: isCostly)
        {
            Signing = _signs ? new SigningTerms(null, SessionRun.Display(profile)) : null,
        };
        _remarks = new Remarks(
            _rich ? null : TextForm.For(SessionRun.Display(profile), maxScript, isCostly), profile);
    }

    public object? Run(Node dialogue)
    {
        _answers = 0;
        try
        {
            return RunToEnd(dialogue);
        }
        catch (DialogueEndedException end)
        {
            end.Answers = _answers;
            throw;
        }
    }

    private object? RunToEnd(Node dialogue)
    {
        var node = _remarks.Form(_holder.Stock(dialogue, _remarks));
        while (node.Head is { } head)
        {
            if (head is EndLeaf end) throw new DialogueEndedException(end.End);
            node = head is LoadLeaf or DeliverLeaf or RedeemLeaf || (head is SignLeaf && !_signs) ||
                (_rich && head is ShowLeaf or Choice or TextLeaf or AmountLeaf)
                ? Do(node).Left
                : RunScript(node);
        }

        return ((Finished)node).Result;
    }

    private Node RunScript(Node node)
    {
        var options = _options with { Paid = _holder.Paid };
        var plan = ScriptPlan.For(node, node.Head is Choice ? options with { Most = _holder.Account } : options);
        node = plan.Node;
        if (plan.IsEmpty) throw new InvalidOperationException($"No script of {_options.MaxScript} octets holds this step.");
        _holder.Scripts.Add(plan.Asked.Length);
        Walk(plan.Piece.Leaves, ref node);
        return node;
    }

    /// <summary>False when the script stopped.</summary>
    private bool Walk(IReadOnlyList<Planned> leaves, ref Node node)
    {
        foreach (var leaf in leaves)
        {
            var (rest, goesOn, place) = Do(node);
            node = rest;
            if (!goesOn) return false;
            if (place is { } chosen && leaf.Branches is { } ways && !Walk(ways[chosen], ref node)) return false;
        }

        return true;
    }

    /// <summary>Does the first step: what remains, whether the script goes on, and the place chosen.</summary>
    private (Node Left, bool GoesOn, int? Place) Do(Node node)
    {
        switch (node.Head)
        {
            case ShowLeaf show: return Shown(string.Join('\n', TextRendering.Lines(show.View, 80)), node);
            case ScreenLeaf screen: return Shown(screen.Text, node);
            case Choice choice: return Choose(choice, node);
            case TextLeaf text: return Typed(text.View, typed => _remarks.Feed(text, typed, node));
            case AmountLeaf amount: return Typed(amount.View, typed => _remarks.Feed(amount, typed, node));
            case PayLeaf pay: return Pay(pay, node);
            case SignLeaf when !_signs:
                return (_remarks.Ending(Wording.NoSignature, DialogueEnd.CardRefused, node), false, null);
            case SignLeaf { Document: var document }:
                _holder.Shown.Add(string.Join('\n', TextRendering.Lines(document, 80)));
                return Pin("To sign, PIN?", node, () => _holder.Sign(document));
            case IdentifyLeaf identify: return Pin($"{identify.Why}: PIN?", node, null);
            case PrintLeaf print:
                _holder.Printed.Add(
                    print.WithPayment && _holder.Paid is { } receipt ? Paper.Text(receipt, print.Text) : print.Text);
                return (node.Feed(true), true, null);
            case SecondCardLeaf second:
                return (node.Feed(_holder.SecondCard is { } card ? second.Commands.Select(card).ToArray() : null), true, null);
            case ChangePinLeaf: return Pin("PIN, new PIN?", node, null);
            case UnblockPinLeaf: return Puk(node);
            case KeepLeaf { Order: var order }:
                _holder.Fields[order.Field.Name] = order.Value!.Value;
                return (node.Feed(null), true, null);
            case RedeemLeaf redeem:
                return (node.Feed(_holder.Redeem(redeem.Places)), true, null);
            case LoadLeaf load:
                _holder.Load(load.Amount);
                return (node.Feed(null), true, null);
            default: return (node.Feed(null), true, null);
        }
    }

    private (Node, bool, int?) Shown(string text, Node node)
    {
        _holder.Shown.Add(text);
        return (node.Feed(null), true, null);
    }

    /// <summary>A list that goes on is followed to where the label is.</summary>
    private (Node, bool, int?) Choose(Choice choice, Node node)
    {
        var labels = choice.Options.Select(option => option.Label).ToList();
        var title = string.Join('\n', TextRendering.Lines(choice.View, 80));
        var text = $"{title} [{string.Join(" | ", labels)}]";
        if (_holder.Acts.TryPeek(out var next) && next.Kind == ActKind.Choose &&
            !labels.Contains(next.Text, StringComparer.Ordinal) &&
            string.Equals(labels[^1], ListPages.More, StringComparison.Ordinal))
        {
            _holder.Shown.Add(text);
            return (node.Feed(labels.Count - 1), true, labels.Count - 1);
        }

        var act = _holder.Asked(text);
        var place = act.Kind == ActKind.Choose ? labels.IndexOf(act.Text) : -1;
        _answers++;
        return place >= 0 ? (node.Feed(place), true, place) : throw Unexpected(act, text);
    }

    private (Node, bool, int?) Typed(View view, Func<string, Node> feed)
    {
        var text = string.Join('\n', TextRendering.Lines(view, 80));
        var act = _holder.Asked(text);
        _answers++;
        return act.Kind == ActKind.Type ? (feed(act.Text), false, null) : throw Unexpected(act, text);
    }

    private (Node, bool, int?) Pay(PayLeaf pay, Node node)
    {
        var (payment, amount) = (pay.Payment, pay.Payment.Amount);
        if (amount.MinorUnits > _holder.Account)
            return (_remarks.Ending(Wording.NotEnough(_holder.Account), DialogueEnd.NotEnough, node), false, null);
        if (payment.Typed)
        {
            var typed = _holder.Asked($"{payment.Item}: amount up to {payment.Amount}?");
            if (typed.Kind != ActKind.Type || !Amount.TryParse(typed.Text, out amount) || amount > payment.Amount)
                throw Unexpected(typed, payment.Item);
        }

        var text = $"{payment.Item} {amount}";
        if (!payment.WithoutPin) return Pin($"{text}: PIN?", node, () => _holder.Pay(pay, amount, _merchant));
        var act = _holder.Asked($"{text}: yes?");
        return act.Kind == ActKind.Confirm
            ? (node.Feed(_holder.Pay(pay, amount, _merchant)), true, null)
            : throw Unexpected(act, text);
    }

    private (Node, bool, int?) Pin(string text, Node node, Func<object?>? result)
    {
        if (_holder.PinLeft == 0) return (_remarks.PinBlocked(node), false, null);
        switch (_holder.Asked(text))
        {
            case { Kind: ActKind.RightPin }:
                _holder.PinLeft = TestHolder.PinTries;
                return (node.Feed(result?.Invoke()), true, null);
            case { Kind: ActKind.WrongPin }:
                _holder.PinLeft--;
                var said = _holder.PinLeft == 0
                    ? _remarks.PinBlocked(node)
                    : _remarks.Saying(Wording.WrongPin(_holder.PinLeft), node);
                return (said, false, null);
            case var act: throw Unexpected(act, text);
        }
    }

    private (Node, bool, int?) Puk(Node node)
    {
        const string Text = "PUK, new PIN?";
        switch (_holder.Asked(Text))
        {
            case { Kind: ActKind.RightPin }:
                (_holder.PukLeft, _holder.PinLeft) = (TestHolder.PukTries, TestHolder.PinTries);
                return (node.Feed(null), true, null);
            case { Kind: ActKind.WrongPin }:
                _holder.PukLeft--;
                return (_holder.PukLeft == 0
                    ? _remarks.Ending(Wording.PukBlocked, DialogueEnd.PinBlocked, node)
                    : _remarks.Saying(Wording.WrongPuk(_holder.PukLeft), node), false, null);
            case var act: throw Unexpected(act, Text);
        }
    }

    private static InvalidOperationException Unexpected(Act act, string text) =>
        new($"The holder cannot do this ({act.Kind} '{act.Text}') about: {text}");
}
