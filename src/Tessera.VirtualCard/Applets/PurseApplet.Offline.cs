using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Purse;
using Tessera.VirtualCard.SecureChannels;
using Tessera.Wire;

namespace Tessera.VirtualCard.Applets;

/// <summary>What the purse does with an acceptor that has no line to the issuer (docs/protocols/purse.md §8).</summary>
internal sealed partial class PurseApplet
{
    private const byte Offline = 0x01;

    private static readonly StatusWord MoreThanAllowed = new(0x9403);
    private static readonly StatusWord LogIsFull = new(0x9404);

    /// <summary>What is in force was initialized for an acceptor, and not for the issuer.</summary>
    private bool _isOffline;

    private ResponseApdu InitializeOffline(CommandApdu command)
    {
        Forget();
        if (command.Data.Length != PurseMac.NonceLength) return new ResponseApdu(StatusWord.WrongLength);
        if (command.P2 != 0) return new ResponseApdu(StatusWord.IncorrectP1P2);

        var (limits, head) = (_file.Limits, NewHead());
        var state = OfflineState.Of(
            head, limits.Allowance, limits.GreatestWithoutPin,
            (byte)Math.Min(head.Number - limits.Seen, (uint)_file.Records), Bytes.Empty);
        using var key = _file.OpenOfflineKey();
        _session = PurseMac.ForOffline(key, card, head.Number, head.Random, Bytes.CopyOf(command.Data.Span));
        _isOffline = true;
        return Answer(state with { Mac = _session.O1(state, _file.Traits.Currency) });
    }

    private ResponseApdu MoveOffline(MoveOrder order, PurseMac session)
    {
        var (movement, _, digest, _) = order;
        var o2 = session.O2(movement.Terms, movement.Amount, digest);
        if (!CryptographicOperations.FixedTimeEquals(o2.Span, movement.S2.Span)) return new ResponseApdu(WrongS2);
        if ((RefuseHolder(order) ?? RefuseOffline(movement) ?? RefuseBalance(movement)) is { } refused)
            return new ResponseApdu(refused);

        var record = Next(order);
        using var key = _file.OpenKey();
        using var receipt = PurseMac.ForReceipt(key, card, record.Number);
        var answer = new OfflineAnswer(
            record.Balance, record.Number, session.O3(movement, digest, record.Balance, record.Number),
            receipt.Receipt(record));
        _file.Commit(record);
        return Answer(answer);
    }

    /// <summary>A movement that the issuer has not seen is never overwritten.</summary>
    private StatusWord? RefuseOffline(Movement movement)
    {
        var limits = _file.Limits;
        return movement.Amount > limits.Allowance ? MoreThanAllowed
            : _file.Balance.Number - limits.Seen >= _file.Records ? LogIsFull
            : null;
    }

    /// <summary>The receipt of an offline debit once more, for an acceptor that did not hear it.</summary>
    private ResponseApdu Receipt(CommandApdu command)
    {
        if (RefuseForm(command, sizeof(uint)) is { } refused) return new ResponseApdu(refused);
        var number = new ByteReader(command.Data.Span).ReadUInt32("number");
        if (_file.Find(number) is not { Movement.Kind: MoveKind.OfflineDebit } record)
            return new ResponseApdu(StatusWord.RecordNotFound);

        using var key = _file.OpenKey();
        using var mac = PurseMac.ForReceipt(key, card, number);
        return Answer(new ReceiptAnswer(record, mac.Receipt(record)));
    }

    private StatusWord PersonaliseOffline(Bytes data, SecretKey dataEncryption)
    {
        var isOfVersion = data.Length > 0 && data.Span[0] == _file.KeyVersion;
        return isOfVersion
            ? KeyGroup.Take(data, dataEncryption, (_, key) => _file.CommitOffline(key))
            : StatusWord.WrongData;
    }
}
