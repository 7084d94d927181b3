using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.Store;
using Tessera.Platform.Money;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Scripts;
using Tessera.Wire;

namespace Tessera.Platform.Dialogues;

/// <summary>
/// The steps by which a script has the card verify its holder or move value (docs/protocols/script.md §1, §6).
/// </summary>
internal static class CardSteps
{
    public const string DeliveryText = "Delivery to the card";

    private const byte AdjustLength = 4;
    private const byte AuthorisedLength = 16;

    public static ScriptStep SelectPurse { get; } = new CardStep(PurseCommands.Select);

    public static ScriptStep Initialize(Bytes nonce) => new CardStep(PurseCommands.Initialize(nonce));

    /// <summary>Brings the pending adds of the card, and nothing else.</summary>
    public static Alternative Delivery { get; } = Money.Alternative.Adjust(DeliveryText);

    /// <summary>Moves nothing but the pending adds, after the holder was verified.</summary>
    public static Alternative Identification { get; } =
        new(MoveKind.Adjust, MoveTerms.PinRequired, 0, "", "Identification");

    /// <param name="isFree">It needs no PIN and no finger.</param>
    public static Alternative Alternative(PayLeaf pay, string merchant, bool isFree) => Money.Alternative.Debit(
        pay.Payment.Amount.MinorUnits, pay.Payment.Merchant ?? merchant, pay.Payment.Item,
        (isFree ? MoveTerms.WithoutPin : MoveTerms.PinRequired) |
        (pay.Payment.Typed ? MoveTerms.Ceiling : MoveTerms.PinRequired) |
        (pay.Articles.Count > 0 ? MoveTerms.Goods : MoveTerms.PinRequired)) with
    {
        Goods = Article.Octets(pay.Articles),
    };

    public static ScriptStep Choose(string title, IReadOnlyList<string> items) =>
        ToolkitStep.Of(ProactiveCommand.SelectItem(title, items));

    public static ScriptStep Ask(string text, int least, int most) =>
        ToolkitStep.Of(ProactiveCommand.GetInput(text, (byte)least, (byte)most, InputQualifier.Letters));

    public static ScriptStep Show(string text) => ToolkitStep.Of(ProactiveCommand.DisplayText(text));

    /// <summary>
    /// Names what is about to be paid; the terminal's own prompt, which shows it again, follows at once.
    /// </summary>
    public static ScriptStep Announce(string item) =>
        ToolkitStep.Of(ProactiveCommand.DisplayText(item, DisplayQualifier.None));

    /// <summary>VERIFY: the terminal asks the PIN, or a finger, and puts it in.</summary>
    public static IEnumerable<ScriptStep> Verify(PaymentMethod method) => method == PaymentMethod.Finger
        ? [InputStep.Finger, new CardStep(FingerCommands.Status)]
        : [InputStep.Pin(), Pin(0x20)];

    /// <summary>VERIFY of a PIV card, which has a reference of its own for the finger.</summary>
    public static IEnumerable<ScriptStep> VerifyForSignature(PaymentMethod method) => method == PaymentMethod.Finger
        ? [InputStep.Finger, new CardStep(new CommandApdu(0x00, 0x20, 0x00, PivCommands.PrimaryFinger))]
        : [InputStep.Pin(), Pin(0x20)];

    /// <summary>CHANGE REFERENCE DATA.</summary>
    public static IEnumerable<ScriptStep> ChangePin() => [InputStep.Pin(), InputStep.NewPin(), Pin(0x24)];

    /// <summary>RESET RETRY COUNTER.</summary>
    public static IEnumerable<ScriptStep> UnblockPin() => [InputStep.Puk(), InputStep.NewPin(), Pin(0x2C)];

    /// <summary>MOVE of one alternative; the holder types the amount where there is a ceiling.</summary>
    public static IEnumerable<ScriptStep> Move(AuthorisedMove move)
    {
        var goods = move.Alternative.Goods;
        var command = PurseCommands.Move(move.Kind, move.Terms, move.Adjust, move.Amount, move.S2, goods);
        var digestAt = (byte)(AuthorisedLength + goods.Length);
        if (move.Terms.HasFlag(MoveTerms.Ceiling))
        {
            yield return InputStep.Amount(AuthorisedLength);
            digestAt += InputStep.AmountSize;
        }

        yield return new ShownDigestStep(digestAt, PurseMac.DigestLength);
        yield return new CardStep(command);
    }

    /// <summary>Power for the second card, and what is said to it.</summary>
    public static IEnumerable<ScriptStep> SecondCard(IEnumerable<CommandApdu> commands) =>
        commands.Select(command => ProactiveCommand.PerformCardApdu(command)).Prepend(ProactiveCommand.PowerOnCard())
            .Select(ToolkitStep.Of);

    public static ScriptStep SelectStore { get; } = new CardStep(StoreCommands.Select);

    /// <summary>WRITE, where there is something to write, and READ: the card's yes is no proof, its MAC is.</summary>
    /// <param name="strict">What the card refuses ends the script.</param>
    public static IEnumerable<ScriptStep> Carry(FieldOrder order, IssuedOrder issued, bool strict)
    {
        if (order.Value is not null)
        {
            if (!strict) yield return Anything;
            yield return new CardStep(order.Field.Write(issued.Version, issued.Mac, issued.Content));
        }

        yield return new CardStep(order.Field.Read(issued.Nonce));
    }

    /// <summary>Whatever the card answers next, the script goes on.</summary>
    public static ExpectStep Anything { get; } = new([new ExpectedStatus(default, Mask: 0)]);

    /// <summary>One MOVE for all alternatives: the item chosen picks amount, S2 and goods.</summary>
    /// <exception cref="ArgumentException">The alternatives differ in more than these, or in the length of the goods.</exception>
    public static IEnumerable<ScriptStep> MoveChosen(IReadOnlyList<AuthorisedMove> moves)
    {
        if (moves.Any(move => move.With(0) != moves[0].With(0) with { S2 = move.S2 }))
            throw new ArgumentException("One MOVE has one kind, terms and adjustment.", nameof(moves));
        var goods = moves[0].Alternative.Goods.Length;
        if (moves.Any(move => move.Alternative.Goods.Length != goods))
            throw new ArgumentException("What is picked has one length.", nameof(moves));

        var operands = moves.Select(move => Bytes.CopyOf(Data(move)[AdjustLength..]));
        var command = PurseCommands.Move(moves[0].Kind, moves[0].Terms, moves[0].Adjust, 0, Bytes.Empty);
        return
        [
            new PickStep(AdjustLength, operands.ToSequence()),
            new ShownDigestStep((byte)(AuthorisedLength + goods), PurseMac.DigestLength),
            new CardStep(command with { Data = new Bytes(command.Data.Memory[..AdjustLength]) }),
        ];
    }

    private static CardStep Pin(byte ins) => new(new CommandApdu(0x00, ins, 0x00, PinCommands.Reference));

    private static ReadOnlySpan<byte> Data(AuthorisedMove move) => PurseCommands.Move(
        move.Kind, move.Terms, move.Adjust, move.Amount, move.S2, move.Alternative.Goods).Data.Span;
}
