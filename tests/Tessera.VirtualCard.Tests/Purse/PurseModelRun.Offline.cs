using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.Wire;
using Xunit;

namespace Tessera.VirtualCard.Tests.Purse;

/// <summary>What the purse does with an acceptor without a line.</summary>
public sealed partial class PurseModelRun
{
    private (StatusWord Answer, Movement Movement) JudgeOffline(CommandApdu move, MoveTerms terms)
    {
        if (_offline is not var (o1, nonce)) return (StatusWord.ConditionsNotSatisfied, Movement.None);
        var reader = new ByteReader(move.Data.Span);
        var (adjust, amount) = (reader.ReadInt32("adjust"), reader.ReadUInt32("amount"));
        var movement = new Movement(MoveKind.OfflineDebit, terms, adjust, amount, reader.ReadBytes(8, "O2"));
        var right = _issuer.AcceptOffline(o1, nonce, terms, amount, reader.ReadBytes(8, "digest"));
        return right.Data.Span[8..16].SequenceEqual(movement.S2.Span)
            ? (_model.Judge(movement, amount, _pinVerified), movement)
            : (new StatusWord(0x6988), movement);
    }

    private void MoveOffline()
    {
        var nonce = Octets(8);
        if (Play(PurseCommands.InitializeOffline(nonce), StatusWord.Success) is not { } answer) return;
        var o1 = answer.Data.Read<OfflineState>();
        Assert.True(_issuer.IsGenuine(o1, nonce), "O1");
        Assert.Equal(
            (_model.Balance, _model.Number, _model.Allowance, _model.GreatestWithoutPin, _model.Number - _model.Seen),
            (o1.Balance, o1.Number, o1.Allowance, o1.GreatestWithoutPin, (uint)o1.Unseen));
        (_session, _offline) = (null, (o1, nonce));
        if (Chance(8)) return;

        var terms = Chance(4) ? MoveTerms.PinRequired : MoveTerms.WithoutPin;
        var amount = Chance(3) ? Amount() : (uint)_random.NextInt64(Math.Min(_model.Allowance, 400) + 2L);
        var command = _issuer.AcceptOffline(o1, nonce, terms, amount, Octets(8));
        if (Chance(6)) command = Tampered(command);
        _lastMove = command;
        var (status, movement) = Judge(command);
        var digest = status.IsSuccess ? new Bytes(command.Data.Memory[^PurseMac.DigestLength..]) : Bytes.Empty;
        PurseModel[] path = status.IsSuccess ? [_model.Moved(movement, digest)] : [];
        if (status.IsSuccess) _offlineSpent += movement.Amount;
        var before = _model;
        var played = Play(command, status, path);
        if (status.IsSuccess && _model == before) _offlineSpent -= movement.Amount;
        _offline = null;
        if (!status.IsSuccess || played is null) return;

        _counts.OfflineMoves++;
        Assert.True(_issuer.IsGenuine(played.Data.Read<OfflineAnswer>(), o1, nonce, movement, digest), "O3");
        var receipt = Play(PurseCommands.Receipt(_model.Number), StatusWord.Success)?.Data.Read<ReceiptAnswer>();
        if (receipt is not null) Assert.Equal(played.Data.Read<OfflineAnswer>().IssuerMac, receipt.Mac);
    }
}
