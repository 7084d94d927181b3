using Tessera.Cards;
using Tessera.Cards.SecureChannels;
using Tessera.Wire;

namespace Tessera.VirtualCard.SecureChannels;

/// <summary>PUT KEY and DELETE of key versions (GlobalPlatform Card Specification §11.8, §11.2; Amendment D §7).</summary>
internal sealed class DomainKeyCommands(DomainFile file, SecureChannelEnd end)
{
    private const byte AllKeysFromFirst = 0x81;
    private const byte HighestVersion = 0x7F;
    private const ushort AidTag = 0x4F;
    private const ushort KeyIdTag = 0xD0;
    private const ushort KeyVersionTag = 0xD2;

    /// <summary>The three keys of a version in one atomic step.</summary>
    public ResponseApdu Put(CommandApdu command)
    {
        if (command.P1 > HighestVersion || command.P2 != AllKeysFromFirst)
            return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (command.P1 != 0 && !Has(command.P1)) return new ResponseApdu(StatusWord.ReferencedDataNotFound);
        if (Read(command.Data, out var version, out var encrypted) is { } wrong) return new ResponseApdu(wrong);
        if (version != command.P1 && Has(version)) return new ResponseApdu(StatusWord.WrongData);

        var found = new SecretKey?[encrypted.Length];
        try
        {
            for (var i = 0; i < found.Length; i++)
            {
                found[i] = encrypted[i].Decrypt(end.DataEncryption);
                if (found[i] is null) return new ResponseApdu(DomainStatus.WrongCheckValue);
            }

            using var keys = new Scp03Keys(found[0]!, found[1]!, found[2]!);
            return file.TryPut(command.P1 == 0 ? null : command.P1, version, keys)
                ? new ResponseApdu(GlobalPlatformCommands.PutKeysAnswer(version, keys), StatusWord.Success)
                : new ResponseApdu(StatusWord.NotEnoughMemory);
        }
        finally
        {
            foreach (var key in found) key?.Dispose();
        }
    }

    /// <summary>A whole version; the last one stays. Or an applet, of a card that is not personalised.</summary>
    public ResponseApdu Delete(CommandApdu command, CardBirth birth)
    {
        if (command is not { P1: 0, P2: 0 }) return new ResponseApdu(StatusWord.IncorrectP1P2);
        if (ApplicationToDelete(command.Data) is { } aid)
        {
            var status = birth.Delete(aid);
            return new ResponseApdu(status.IsSuccess ? new Bytes((byte[])[0]) : Bytes.Empty, status);
        }

        if (VersionToDelete(command.Data) is not { } version) return new ResponseApdu(StatusWord.WrongData);
        using var keys = version == 0 ? null : file.Open(version);
        if (keys is null) return new ResponseApdu(StatusWord.ReferencedDataNotFound);
        if (file.Versions.Count() == 1) return new ResponseApdu(StatusWord.ConditionsNotSatisfied);

        file.Delete(keys);
        return new ResponseApdu(new Bytes((byte[])[0]), StatusWord.Success);
    }

    private static Bytes? ApplicationToDelete(Bytes data)
    {
        try
        {
            var reader = new ByteReader(data.Span);
            var value = Tlv.ReadValue(ref reader, out var tag);
            return tag == AidTag && reader.Remaining == 0 ? Bytes.CopyOf(value) : null;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    /// <summary>One key of a version cannot be deleted.</summary>
    private static byte? VersionToDelete(Bytes data)
    {
        try
        {
            var reader = new ByteReader(data.Span);
            var value = Tlv.ReadValue(ref reader, out var tag);
            if (tag == KeyIdTag) return null;
            return tag == KeyVersionTag && value.Length == 1 && reader.Remaining == 0 ? value[0] : null;
        }
        catch (WireFormatException)
        {
            return null;
        }
    }

    private static StatusWord? Read(Bytes data, out byte version, out EncryptedKey[] keys)
    {
        (version, keys) = (0, new EncryptedKey[GlobalPlatformCommands.KeysOfVersion]);
        try
        {
            var reader = new ByteReader(data.Span);
            version = reader.ReadByte("key version");
            for (var i = 0; i < keys.Length; i++)
            {
                if (reader.Remaining > 0 && data.Span[reader.Offset] != EncryptedKey.Aes)
                    return DomainStatus.AlgorithmNotSupported;
                keys[i] = EncryptedKey.Read(ref reader);
            }

            reader.ReadEnd("PUT KEY");
        }
        catch (WireFormatException)
        {
            return StatusWord.WrongData;
        }

        var length = keys[0].KeyLength;
        return version is 0 or > HighestVersion || keys.Any(key => key.KeyLength != length) ? StatusWord.WrongData : null;
    }

    private bool Has(byte version) => file.Versions.Any(each => each.Version == version);
}
