using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Toolkit;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard;
using Tessera.Wire;

namespace Tessera.Terminal.Tests.Scripts;

/// <summary>The server's half of a purchase: the scripts it sends, and what it concludes from the answers.</summary>
internal sealed class Till : IDisposable
{
    public const ushort Euro = 0x0978;

    private static readonly Bytes Nonce = Bytes.FromHex("3132333435363738");
    private static readonly (string Item, uint Amount)[] Trips = [("Centre 3.20", 320), ("Airport 4.80", 480)];

    private readonly Bytes _server;
    private readonly CardId _card;
    private readonly CardKeys _keys;
    private PurseState? _state;

    /// <param name="server">Identity of the server.</param>
    /// <param name="card">A demonstration card.</param>
    public Till(Bytes server, CardId card)
    {
        (_server, _card) = (server, card);
        using var masters = DemonstrationKeys.Create();
        _keys = CardKeys.Of(masters, card);
    }

    /// <summary>Puts money on a card.</summary>
    public async Task LoadAsync(ICardChannel card, uint amount, CancellationToken cancel)
    {
        var purse = await PurseClient.SelectAsync(card, cancel) ?? throw new InvalidOperationException("No purse.");
        _state = await purse.InitializeAsync(Nonce, cancel);
        var load = PurseCommands.Move(MoveKind.Load, MoveTerms.WithoutPin, 0, amount, S2(MoveKind.Load, MoveTerms.WithoutPin, amount));
        await purse.MoveAsync(load, null, new Bytes(new byte[PurseMac.DigestLength]), cancel);
    }

    /// <summary>The first script of a session: INITIALIZE, with nobody asked for anything.</summary>
    public static Bytes Opening(ushort session, byte number) => Bytes.Of(
        new ScriptBuilder().Send(PurseCommands.Select).Send(PurseCommands.Initialize(Nonce)).Build(session, number));

    public void TakeState(Bytes answer)
    {
        var results = answer.Read<ResponseScript>().Results;
        _state = ((CardResult)results[^1]).Answer.Data.Read<PurseState>();
    }

    /// <summary>MOVE that loads, with nobody asked for anything.</summary>
    public Bytes Load(ushort session, byte number, uint amount) => Bytes.Of(new ScriptBuilder()
        .Send(PurseCommands.Select)
        .Move(PurseCommands.Move(MoveKind.Load, MoveTerms.WithoutPin, 0, amount, S2(MoveKind.Load, MoveTerms.WithoutPin, amount)), out _)
        .Build(session, number));

    /// <summary>Where to, the PIN, MOVE, thanks.</summary>
    /// <param name="withFinger">A finger in place of the PIN.</param>
    public Bytes Purchase(ushort session, byte number, bool withFinger = false) => Bytes.Of(Verify(new ScriptBuilder()
        .Send(PurseCommands.Select)
        .Perform(ProactiveCommand.SelectItem("Where to?", [.. Trips.Select(trip => trip.Item)])), withFinger)
        .Pick(4, [.. Trips.Select(trip => Operand(trip.Amount))])
        .Move(new CommandApdu(0x80, 0x54, (byte)MoveKind.Debit, 0, new Bytes(new byte[4]), Le: 256), out _)
        .Perform(ProactiveCommand.DisplayText("Paid. Thank you", DisplayQualifier.None))
        .Build(session, number));

    /// <summary>What was paid, computed from script and answer as the server does it and proven by S3.</summary>
    public Payment? Paid(Bytes script, Bytes answer, TerminalProfile? profile = null)
    {
        var trace = ScriptReplay.Trace(
            script.Read<CommandScript>(), answer, TerminalRules.ForTerminal(_server, profile ?? TerminalProfile.Rich),
            CardSituation.Inserted(initializeInForce: true));
        if (trace.Payments.Count != 1 || trace.Payments[0].Answer is not { } receipt) return null;

        var payment = trace.Payments[0].Payment;
        var movement = new Movement(
            MoveKind.Debit, MoveTerms.PinRequired, 0, payment.Amount, S2(MoveKind.Debit, MoveTerms.PinRequired, payment.Amount));
        var s3 = receipt.Data.Read<PurseReceipt>();
        using var mac = Mac();
        var digest = new Bytes(trace.Payments[0].Digest.Memory[..PurseMac.DigestLength]);
        return mac.S3(movement, digest, s3.Balance, s3.Number) == s3.Mac ? payment : null;
    }

    private static ScriptBuilder Verify(ScriptBuilder script, bool withFinger) =>
        withFinger ? script.VerifyFinger() : script.VerifyPin();

    public void Dispose() => _keys.Dispose();

    private Bytes Operand(uint amount) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        writer.WriteUInt32(amount);
        writer.WriteBytes(S2(MoveKind.Debit, MoveTerms.PinRequired, amount));
    });

    private Bytes S2(MoveKind kind, MoveTerms terms, uint amount)
    {
        using var mac = Mac();
        return mac.S2(kind, terms, 0, amount);
    }

    private PurseMac Mac() =>
        PurseMac.ForSession(_keys.Purse, _card, _state!.Number, _state.Random, Nonce);
}
