using Tessera.Storage.Keys;
using Xunit;

namespace Tessera.Storage.Tests.Keys;

public sealed class KeyComponentTests : IDisposable
{
    private const int Few = 10;

    private static readonly DateTimeOffset Made = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-").FullName;
    private readonly IssuerKeys _keys = IssuerKeys.Generate(0x12, Made);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static KeyOfficer Ada => new("ada", "correct horse".ToCharArray());

    private static KeyOfficer Ben => new("ben", "battery staple".ToCharArray());

    public void Dispose()
    {
        _keys.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Two_components_make_the_keys_again_in_another_vault()
    {
        var (one, two) = KeyComponent.Split(_keys, Ada, Ben, Few);
        var (first, second) = (Path.Combine(_folder, "a.json"), Path.Combine(_folder, "b.json"));
        await one.WriteAsync(first, Cancel);
        await two.WriteAsync(second, Cancel);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first));
        await Assert.ThrowsAsync<IOException>(() => two.WriteAsync(second, Cancel));

        var other = Path.Combine(_folder, "other");
        (await Vault.OpenAsync(other, VaultSeal.None, TimeProvider.System, Cancel)).Dispose();
        var (read1, read2) = (await KeyComponent.ReadAsync(first, Cancel), await KeyComponent.ReadAsync(second, Cancel));
        var joined = KeyComponent.Join(read2, Ben.Passphrase.Span, read1, Ada.Passphrase.Span);
        Assert.Equal((0x12, Made), (joined.Version, joined.Made));
        using var vault = await Vault.ImportAsync(
            other, VaultSeal.None, TimeProvider.System, joined, isCurrent: false, () => Task.CompletedTask, Cancel);

        Assert.Equal(_keys.Checks, vault.Find(0x12)!.Checks);
        Assert.Equal(_keys.Channel.Reveal(), vault.Find(0x12)!.Channel.Reveal());
        Assert.Equal(1, vault.Current.Version);
    }

    [Fact]
    public async Task A_vault_that_was_lost_begins_again_with_what_was_given_out()
    {
        var folder = Path.Combine(_folder, "again");
        using (var vault = await Vault.ImportAsync(
            folder, VaultSeal.None, TimeProvider.System, IssuerKeys.Generate(1, Made), isCurrent: false, () => Task.CompletedTask, Cancel))
        {
            Assert.Equal(1, vault.Current.Version);
            using var again = await Vault.OpenAsync(folder, VaultSeal.None, TimeProvider.System, Cancel);
            Assert.Equal(vault.Current.Checks, Assert.Single(again.Versions).Checks);
        }
    }

    [Fact]
    public async Task A_version_that_is_there_is_not_changed_by_another()
    {
        var folder = Path.Combine(_folder, "vault");
        using var before = await Vault.OpenAsync(folder, VaultSeal.None, TimeProvider.System, Cancel);

        await Assert.ThrowsAsync<ArgumentException>(() => Import(IssuerKeys.Generate(1, Made)));
        await Assert.ThrowsAsync<ArgumentException>(() => Import(IssuerKeys.Generate(0x7F, Made)));
        using var now = await Vault.OpenAsync(folder, VaultSeal.None, TimeProvider.System, Cancel);
        Assert.Equal(before.Current.Checks, Assert.Single(now.Versions).Checks);

        Task<Vault> Import(IssuerKeys keys) =>
            Vault.ImportAsync(
                folder, VaultSeal.None, TimeProvider.System, keys, isCurrent: true, () => Task.CompletedTask, Cancel);
    }

    [Fact]
    public void Neither_component_holds_an_octet_that_the_other_does_not_hide()
    {
        var clear = VaultFile.Write([_keys]);
        foreach (var (number, officer) in (ReadOnlySpan<(int, KeyOfficer)>)[(1, Ada), (2, Ben)])
        {
            // The same keys, exported again and again: what one officer sees has every value at every place.
            var seen = new HashSet<byte>[clear.Length];
            for (var i = 0; i < seen.Length; i++) seen[i] = [];
            for (var export = 0; export < 200; export++)
            {
                var (one, two) = KeyComponent.Split(_keys, Ada, Ben, Few);
                var mine = number == 1 ? one : two;
                var half = PassphraseSeal.Open(
                    mine.Sealed, officer.Passphrase.Span,
                    $"component {number} of export {mine.Export}, version 12");
                for (var i = 0; i < half.Length; i++) seen[i].Add(half[i]);
            }

            Assert.All(seen, values => Assert.True(values.Count > 80));
        }
    }

    [Fact]
    public void Components_of_other_exports_passphrases_and_check_values_are_refused()
    {
        var (one, two) = KeyComponent.Split(_keys, Ada, Ben, Few);
        var (_, other) = KeyComponent.Split(_keys, Ada, Ben, Few);
        var (ada, ben) = (Ada.Passphrase, Ben.Passphrase);

        Refused(one, two, ben, ada);
        Refused(one, one, ada, ada);
        Refused(one, other, ada, ben);
        Refused(one, other with { Export = two.Export }, ada, ben);
        Refused(one, two with { Number = 1 }, ada, ben);
        Refused(one with { Version = "13" }, two with { Version = "13" }, ada, ben);
        Refused(
            one, two with { Checks = new Dictionary<string, string>(two.Checks, StringComparer.Ordinal) { ["Store"] = "000000" } },
            ada, ben);
        for (var at = 0; at < two.Sealed.Length; at++)
        {
            // A number of iterations that takes a minute is refused by its size, not by its time.
            if (at is >= 4 and < 8) continue;
            var changed = (byte[])two.Sealed.Clone();
            changed[at] ^= 0x01;
            Refused(one, two with { Sealed = changed }, ada, ben);
        }

        using var joined = KeyComponent.Join(one, ada.Span, two, ben.Span);
        Assert.Equal(_keys.Checks, joined.Checks);
    }

    [Fact]
    public void One_person_is_not_two_officers()
    {
        Assert.Throws<ArgumentException>(() => KeyComponent.Split(_keys, Ada, Ben with { Name = "ADA" }, Few));
        Assert.Throws<ArgumentException>(() =>
            KeyComponent.Split(_keys, Ada, Ben with { Passphrase = Ada.Passphrase }, Few));
        Assert.Throws<ArgumentException>(() =>
            KeyComponent.Split(_keys, Ada, Ben with { Passphrase = "short".ToCharArray() }, Few));
    }

    [Fact]
    public async Task A_file_that_is_no_component_is_told_as_such()
    {
        var path = Path.Combine(_folder, "x.json");
        foreach (var text in (string[])["", "{}", "null", "[1]", """{"number":1}"""])
        {
            await File.WriteAllTextAsync(path, text, Cancel);
            await Assert.ThrowsAsync<InvalidDataException>(() => KeyComponent.ReadAsync(path, Cancel));
        }
    }

    private static void Refused(
        KeyComponent one, KeyComponent two, ReadOnlyMemory<char> first, ReadOnlyMemory<char> second) =>
        Assert.Throws<InvalidDataException>(() => KeyComponent.Join(one, first.Span, two, second.Span));
}
