using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Cards.Issuing;
using Tessera.Cards.Pins;
using Tessera.Cards.SecureChannels;
using Tessera.VirtualCard.Memory;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Sim;
using Tessera.VirtualCard.Sim.Authentication;
using Tessera.VirtualCard.Sim.Files;
using Tessera.Wire;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>
/// The one way to the telephony of a SIM that is not in use yet: its issuer gives it a subscriber in the place of the
/// maker's (docs/protocols/issuing.md §3).
/// </summary>
internal sealed class SimBirth(CardMemory telephony)
{
    private const int Codes = 5;

    /// <summary>One group, in one atomic step.</summary>
    public StatusWord Take(DataGroup group, SecretKey dataEncryption)
    {
        try
        {
            return group.Id == DataGroup.SimIdentity
                ? TakeIdentity(group.Content, dataEncryption)
                : TakeKeys(group.Content, dataEncryption);
        }
        catch (WireFormatException)
        {
            return StatusWord.WrongData;
        }
    }

    private StatusWord TakeIdentity(Bytes content, SecretKey dataEncryption)
    {
        var reader = new ByteReader(content.Span);
        var identity = SimIdentity.Read(ref reader);
        var codes = new byte[Codes][];
        try
        {
            for (var i = 0; i < Codes; i++)
                codes[i] = EncryptedPin.Decrypt(reader.ReadBytes(EncryptedPin.Length, "code"), dataEncryption);
            reader.ReadEnd("codes of a SIM");
            if (!Chv.IsChv(codes[0]) || !Chv.IsChv(codes[2])
                || !CardPin.IsReference(codes[1], PinBlock.Length) || !CardPin.IsReference(codes[3], PinBlock.Length))
                return StatusWord.WrongData;

            var who = SimSubscription.Demonstration with
            {
                Iccid = identity.Iccid,
                Imsi = identity.Imsi,
                NetworkCodeDigits = identity.NetworkCodeDigits,
                Msisdn = identity.Msisdn,
                ServiceCentre = identity.ServiceCentre,
                Provider = identity.Provider,
            };
            using var change = telephony.Begin();
            foreach (var file in SimImage.OfSubscription) change.Write(file.Cell, SimImage.ContentOf(file, who));
            var asks = telephony.Read(CellId.Chv1)[0];
            change.Write(CellId.Chv1, [asks, Chv.MaxTries, .. codes[0]]);
            change.Write(CellId.UnblockChv1, [Chv.MaxUnblockTries, .. codes[1]]);
            change.Write(CellId.Chv2, [1, Chv.MaxTries, .. codes[2]]);
            change.Write(CellId.UnblockChv2, [Chv.MaxUnblockTries, .. codes[3]]);
            change.Write(CellId.Administrator, [AdministrativeCode.MaxTries, .. codes[4]]);
            change.Commit();
            return StatusWord.Success;
        }
        finally
        {
            foreach (var code in codes) CryptographicOperations.ZeroMemory(code);
        }
    }

    private StatusWord TakeKeys(Bytes content, SecretKey dataEncryption)
    {
        var octets = new byte[2 * SubscriberKey.Length];
        try
        {
            var reader = new ByteReader(content.Span);
            for (var at = 0; at < octets.Length; at += SubscriberKey.Length)
            {
                var encrypted = EncryptedKey.Read(ref reader);
                if (encrypted.KeyLength != SubscriberKey.Length) return StatusWord.WrongData;
                using var key = encrypted.Decrypt(dataEncryption);
                if (key is null) return DomainStatus.WrongCheckValue;
                key.Reveal().CopyTo(octets.AsSpan(at));
            }

            reader.ReadEnd("keys of a SIM");
            using var change = telephony.Begin();
            change.Write(CellId.SubscriberKey, octets);
            change.Commit();
            return StatusWord.Success;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }
}
