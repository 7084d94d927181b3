using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Biometrics;
using Tessera.Cards.Issuing;
using Tessera.Cards.Pins;
using Tessera.Cards.Purse;
using Tessera.Cards.SecureChannels;
using Tessera.Cards.Store;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.Wire;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>
/// What the issuer stores in the card itself: its id, PIN and PUK, keys of packets, a finger; and when it is whole
/// (docs/protocols/issuing.md §3).
/// </summary>
internal sealed class CardBirth(CardMemory memory, CardLife life, IReadOnlyList<IApplet> applets, SimBirth? sim)
{
    private const int KeyLength = 16;
    private const int OtaKeys = 4;

    public CardLife Life => life;

    /// <summary>Those that were not deleted.</summary>
    public IEnumerable<IApplet> Applets => applets.Where(applet => life.Has(NameOf(applet.Aid)));

    /// <summary>One group of the card itself, in one atomic step.</summary>
    public StatusWord Take(DataGroup group, SecretKey dataEncryption) => group.Id switch
    {
        DataGroup.Pin => TakePin(group.Content, CellId.Pin, CardPin.MaxPinTries, PinBlock.MinPinDigits, dataEncryption),
        DataGroup.Puk => TakePin(group.Content, CellId.Puk, CardPin.MaxPukTries, PinBlock.Length, dataEncryption),
        >= DataGroup.FirstAtBirth when life.State != CardLifeCycle.Initialized => StatusWord.ConditionsNotSatisfied,
        DataGroup.Begin => Begin(group.Content),
        DataGroup.Card => TakeCard(group.Content),
        DataGroup.Ota when memory.Has(CellId.OtaKeys) => TakeOta(group.Content, dataEncryption),
        DataGroup.SimIdentity or DataGroup.SimKeys when sim is not null => sim.Take(group, dataEncryption),
        DataGroup.Finger when memory.Has(CellId.Finger) => TakeFinger(group.Content),
        _ => StatusWord.ReferencedDataNotFound,
    };

    /// <summary>An applet that the card shall not have; a SIM keeps its purse, with which its scripts begin.</summary>
    public StatusWord Delete(Bytes aid)
    {
        var name = NameOf(aid);
        if (name == CardApplets.None || Applets.All(applet => applet.Aid != aid)) return StatusWord.ReferencedDataNotFound;
        if (life.State != CardLifeCycle.Initialized) return StatusWord.ConditionsNotSatisfied;
        if (name == CardApplets.Purse && memory.Has(CellId.OtaKeys)) return StatusWord.ConditionsNotSatisfied;
        life.Delete(name);
        return StatusWord.Success;
    }

    /// <summary>SET STATUS: a card is secured when nothing is missing of it, and terminated whenever that is wanted.</summary>
    public StatusWord Become(CardLifeCycle state)
    {
        if (state == CardLifeCycle.Secured && !IsWhole()) return StatusWord.ConditionsNotSatisfied;
        return life.TryBecome(state) ? StatusWord.Success : StatusWord.ConditionsNotSatisfied;
    }

    private static CardApplets NameOf(Bytes aid) =>
        aid == PurseCommands.Aid ? CardApplets.Purse
        : aid == StoreCommands.Aid ? CardApplets.Store
        : CardApplets.None;

    private bool IsWhole() =>
        !memory.Read(CellId.Pin).IsEmpty && !memory.Read(CellId.Puk).IsEmpty
        && (!memory.Has(CellId.OtaKeys) || !memory.Read(CellId.OtaKeys).IsEmpty)
        && Applets.All(applet => applet is not IPersonalised { IsPersonalised: false });

    private StatusWord Begin(Bytes content)
    {
        if (content.Length != 0) return StatusWord.WrongData;
        using var change = memory.Begin();
        life.Begin(change);
        foreach (var cell in (byte[])[CellId.Pin, CellId.Puk, CellId.OtaKeys, CellId.Finger])
            if (memory.Has(cell)) change.Write(cell, []);
        foreach (var applet in applets.OfType<IPersonalised>()) applet.Blank(change);
        change.Commit();
        return StatusWord.Success;
    }

    private StatusWord TakeCard(Bytes content)
    {
        if (content.Length != CardId.Length || content.Read<CardId>().Value == 0) return StatusWord.WrongData;
        using var change = memory.Begin();
        change.Write(CellId.Card, content.Span);
        change.Commit();
        return StatusWord.Success;
    }

    /// <summary>All its tries are there again.</summary>
    private StatusWord TakePin(Bytes content, byte cell, int tries, int leastDigits, SecretKey dataEncryption)
    {
        if (content.Length != EncryptedPin.Length) return StatusWord.WrongData;
        var reference = EncryptedPin.Decrypt(content, dataEncryption);
        try
        {
            if (!CardPin.IsReference(reference, leastDigits)) return StatusWord.WrongData;
            using var change = memory.Begin();
            change.Write(cell, [(byte)tries, .. reference]);
            change.Commit();
            return StatusWord.Success;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(reference);
        }
    }

    private StatusWord TakeOta(Bytes content, SecretKey dataEncryption)
    {
        var octets = new byte[OtaKeys * KeyLength];
        try
        {
            var reader = new ByteReader(content.Span);
            for (var i = 0; i < OtaKeys; i++)
            {
                var encrypted = EncryptedKey.Read(ref reader);
                if (encrypted.KeyLength != KeyLength) return StatusWord.WrongData;
                using var key = encrypted.Decrypt(dataEncryption);
                if (key is null) return DomainStatus.WrongCheckValue;
                key.Reveal().CopyTo(octets.AsSpan(i * KeyLength));
            }

            reader.ReadEnd("keys of packets");
            using var change = memory.Begin();
            change.Write(CellId.OtaKeys, octets);
            change.Commit();
            return StatusWord.Success;
        }
        catch (WireFormatException)
        {
            return StatusWord.WrongData;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    private StatusWord TakeFinger(Bytes content)
    {
        try
        {
            using var finger = content.Read<FingerTemplate>();
            using var change = memory.Begin();
            change.Write(CellId.Finger, content.Span);
            change.Write(CellId.FingerTries, [CardFinger.MaxTries]);
            change.Commit();
            return StatusWord.Success;
        }
        catch (WireFormatException)
        {
            return StatusWord.WrongData;
        }
    }
}
