using Tessera.Cards.Pins;
using Tessera.Cards.Piv;
using Tessera.Cards.Purse;
using Tessera.Cards.SecureChannels;
using Tessera.Cards.Store;
using Tessera.Wire;

namespace Tessera.Cards.Issuing;

/// <summary>
/// The commands that make a card out of a blank one, plain and in their order
/// (docs/protocols/issuing.md §3).
/// </summary>
public static class PersonalisationScript
{
    /// <param name="onCard">Identifiers of the applets that the blank card has.</param>
    /// <param name="dataEncryption">The K-DEK that the session was opened with.</param>
    /// <exception cref="ArgumentException">The card lacks an applet that is wanted, or has one that nothing is for.</exception>
    public static IReadOnlyList<CommandApdu> Of(
        CardIssue issue, IReadOnlyCollection<Bytes> onCard, SecretKey dataEncryption)
    {
        if (issue.Applets.FirstOrDefault(applet => applet.IsWanted && !onCard.Contains(applet.Aid)) is
            { IsWanted: true } missing)
            throw new ArgumentException($"The card has no applet {missing.Aid}.", nameof(onCard));
        var isPiv = onCard.Contains(PivAid);
        if (isPiv != issue.PivManagementKey is not null)
            throw new ArgumentException(
                isPiv ? "The card has a PIV application, and no key for it." : "The card has no PIV application.",
                nameof(onCard));

        List<CommandApdu> commands = [];
        commands.AddRange(issue.Applets.Where(applet => !applet.IsWanted && onCard.Contains(applet.Aid))
            .Select(applet => GlobalPlatformCommands.DeleteApplication(applet.Aid)));
        commands.AddRange(Blocks(OfCard(issue, dataEncryption)));
        if (issue.Purse is { } purse)
        {
            commands.Add(GlobalPlatformCommands.InstallForPersonalisation(PurseCommands.Aid));
            commands.AddRange(Blocks(
                [
                    Traits(purse),
                    Key(issue.KeyVersion, issue.Keys.Purse, dataEncryption),
                    Key(issue.KeyVersion, issue.Keys.Offline, dataEncryption) with { Id = DataGroup.OfflineKey },
                ]));
        }

        if (issue.HasStore)
        {
            commands.Add(GlobalPlatformCommands.InstallForPersonalisation(StoreCommands.Aid));
            commands.AddRange(Blocks(
                [Key(issue.KeyVersion, issue.Keys.Store, dataEncryption), .. issue.Fields.Select(Field)]));
        }

        if (issue.PivManagementKey is { } management)
        {
            commands.Add(GlobalPlatformCommands.InstallForPersonalisation(PivAid));
            commands.AddRange(Blocks([Key(issue.KeyVersion, management, dataEncryption)]));
        }

        commands.Add(GlobalPlatformCommands.SetStatus(CardLifeCycle.Secured));
        return commands;
    }

    /// <summary>Before all others: what a personalisation that was cut has left is forgotten, deleted applets are back.</summary>
    public static CommandApdu Begin { get; } = Blocks([new DataGroup(DataGroup.Begin, Bytes.Empty)]).Single();

    private static Bytes PivAid => PivCommands.Aid;

    private static IEnumerable<DataGroup> OfCard(CardIssue issue, SecretKey dataEncryption)
    {
        yield return new DataGroup(DataGroup.Card, Bytes.Of(issue.Card));
        yield return new DataGroup(DataGroup.Pin, EncryptedPin.Of(issue.Pin, dataEncryption));
        yield return new DataGroup(DataGroup.Puk, EncryptedPin.Of(issue.Puk, dataEncryption));
        if (issue.Finger is { } finger) yield return new DataGroup(DataGroup.Finger, Bytes.Of(finger));
        if (issue.Sim is { } sim)
        {
            yield return new DataGroup(DataGroup.SimIdentity, Bytes.Of(output =>
            {
                var writer = new ByteWriter(output);
                sim.Identity.Write(writer);
                foreach (var code in (PinBlock[])[.. sim.Codes, sim.Keys.Administrator])
                    writer.WriteBytes(EncryptedPin.Of(code, dataEncryption));
            }));
            yield return Keys(DataGroup.SimKeys, dataEncryption, sim.Keys.Key, sim.Keys.OperatorKey);
        }

        if (issue.Ota is { } ota)
            yield return Keys(DataGroup.Ota, dataEncryption, ota.Down.Kic, ota.Down.Kid, ota.Up.Kic, ota.Up.Kid);
    }

    private static DataGroup Keys(ushort group, SecretKey dataEncryption, params SecretKey[] keys) =>
        new(group, Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            foreach (var key in keys) EncryptedKey.Of(key, dataEncryption).Write(writer);
        }));

    private static DataGroup Traits(PurseTraits traits) => new(DataGroup.PurseTraits, Bytes.Of(output =>
    {
        var writer = new ByteWriter(output);
        writer.WriteUInt16(traits.Currency);
        writer.WriteUInt32(traits.GreatestBalance);
    }));

    private static DataGroup Key(byte version, SecretKey key, SecretKey dataEncryption) =>
        new(DataGroup.Key, Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            writer.WriteByte(version);
            EncryptedKey.Of(key, dataEncryption).Write(writer);
        }));

    private static DataGroup Field(FirstField field)
    {
        var group = field.Definition is null ? DataGroup.Field : DataGroup.DefinedField;
        return new DataGroup((ushort)(group | field.Id), Bytes.Of(output =>
        {
            var writer = new ByteWriter(output);
            field.Definition?.Write(writer);
            writer.WriteUInt16(field.Version);
            writer.WriteBytes(field.Content);
        }));
    }

    /// <summary>A group a block: what was sent to a card that was pulled then is one whole group or nothing.</summary>
    private static IEnumerable<CommandApdu> Blocks(IEnumerable<DataGroup> groups)
    {
        var all = groups.ToList();
        return all.Select((group, i) =>
            GlobalPlatformCommands.StoreData((byte)i, i == all.Count - 1, StoreDataForm.Groups, Bytes.Of(group)));
    }
}
