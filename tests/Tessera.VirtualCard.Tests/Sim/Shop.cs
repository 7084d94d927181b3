using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Toolkit;
using Tessera.Toolkit.Commands;
using Tessera.Toolkit.Interpretation;
using Tessera.Toolkit.Scripts;
using Tessera.VirtualCard.Tests.Support;
using Tessera.Wire;

namespace Tessera.VirtualCard.Tests.Sim;

/// <summary>The application's end: the script of a purchase for an opening, and what its answer proves.</summary>
internal static class Shop
{
    public const uint Balance = 5000;

    private static readonly (string Item, uint Amount)[] Trips = [("Centre 3.20", 320), ("Airport 4.80", 480)];

    /// <summary>A SIM with 50.00 on its purse.</summary>
    public static byte[] LoadedImage()
    {
        using var issuer = new PurseIssuer();
        using var sim = TestSim.Demonstration(new SeededRandom(0));
        sim.Send(PurseCommands.Select);
        var s1 = sim.Send(PurseCommands.Initialize(Opening.Nonce)).Data.Read<PurseState>();
        var load = new Movement(MoveKind.Load, MoveTerms.WithoutPin, 0, Balance, Bytes.Empty);
        Xunit.Assert.True(sim.Send(issuer.Authorise(s1, Opening.Nonce, load, new Bytes(new byte[8]))).Status.IsSuccess);
        return sim.Image;
    }

    /// <summary>Where to, the PIN, MOVE, thanks.</summary>
    public static CommandScript Purchase(Opening opening, byte number = 1) => new ScriptBuilder()
        .Perform(ProactiveCommand.SelectItem("Where to?", [.. Trips.Select(trip => trip.Item)]))
        .VerifyPin()
        .Pick(4, [.. Trips.Select(trip => Operand(opening, trip.Amount))])
        .Move(new CommandApdu(0x80, 0x54, (byte)MoveKind.Debit, 0, new Bytes(new byte[4]), Le: 256), out _)
        .Perform(ProactiveCommand.DisplayText("Paid. Thank you", DisplayQualifier.None))
        .Build(opening.Session, number);

    /// <summary>Takes the trip of that number and types the PIN where it is asked.</summary>
    public static Func<ProactiveCommand, TerminalResponse> Holder(byte trip, string pin) =>
        command => command.Type switch
        {
            CommandType.SelectItem => TerminalResponse.Chosen(command, trip),
            CommandType.GetInput => TerminalResponse.Entered(command, pin),
            _ => TerminalResponse.To(command, GeneralResult.Success),
        };

    /// <summary>The payment that script and answer prove, by replay and S3; null where there is none.</summary>
    public static Payment? Paid(Opening opening, CommandScript script, Bytes answer)
    {
        var trace = ScriptReplay.Trace(
            script, answer, TerminalRules.ForSim(Bytes.Of(TestCard.Id), TerminalProfile.Phone),
            CardSituation.Sim(PurseIssuer.Currency, initializeInForce: opening.Purse is not null));
        if (trace.Payments is not [{ Answer.Status.IsSuccess: true } paid]) return null;

        using var issuer = new PurseIssuer();
        var movement = Debit(opening, paid.Payment.Amount);
        var digest = new Bytes(paid.Digest.Memory[..PurseMac.DigestLength]);
        Xunit.Assert.True(issuer.IsGenuine(
            paid.Answer.Data.Read<PurseReceipt>(), opening.Purse!, Opening.Nonce, movement, digest));
        return paid.Payment;
    }

    private static Movement Debit(Opening opening, uint amount)
    {
        using var issuer = new PurseIssuer();
        var movement = new Movement(MoveKind.Debit, MoveTerms.PinRequired, 0, amount, Bytes.Empty);
        return movement with { S2 = issuer.S2(opening.Purse!, Opening.Nonce, movement) };
    }

    private static Bytes Operand(Opening opening, uint amount) => Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        writer.WriteUInt32(amount);
        writer.WriteBytes(Debit(opening, amount).S2);
    });
}
