using Tessera.Storage.Keys;
using Xunit;

namespace Tessera.Storage.Tests.Keys;

public sealed class VaultTests : IDisposable
{
    private const string FirstFormat =
        "54534B0101A0A1A2A3A4A5A6A7A8A9AAAB24084A1A7F7332AE11982B6280A20D31" +
        "F600121EF80CF24C2054C707251952312BDBECBE083E46A84992053056DF0A64";

    private const string SecondFormat =
        "54534B0201B0B1B2B3B4B5B6B7B8B9BABBAE846E531B57F79204E88C9791EAC2C02BB85B9E762329A6DF331A" +
        "074C0F9E741D2F898E3267AE18D49A3FB8D127291926CE0CBB324CF9C165A4034494C5B5A4";

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-").FullName;

    private static TimeProvider Time => TimeProvider.System;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_second_start_finds_the_keys_of_the_first()
    {
        using var first = await OpenAsync();
        using var second = await OpenAsync();

        Assert.Equal(first.Current.Cards.Purse.Reveal(), second.Current.Cards.Purse.Reveal());
        Assert.Equal(first.Current.Cards.Store.Reveal(), second.Current.Cards.Store.Reveal());
        Assert.Equal(first.Current.Cards.Ota.Reveal(), second.Current.Cards.Ota.Reveal());
        Assert.NotEqual(first.Current.Cards.Purse.Reveal().ToArray(), first.Current.Cards.Store.Reveal().ToArray());
        Assert.Equal(Vault.FirstVersion, Assert.Single(second.Versions).Version);
        Assert.Equal(first.Current.Checks, second.Current.Checks);
        Assert.Equal(5, second.Current.Checks.Select(check => check.Value).Distinct().Count());
    }

    [Fact]
    public async Task Two_folders_have_different_keys()
    {
        using var one = await Vault.OpenAsync(Path.Combine(_folder, "one"), VaultSeal.None, TimeProvider.System, Cancel);
        using var other = await Vault.OpenAsync(Path.Combine(_folder, "other"), VaultSeal.None, TimeProvider.System, Cancel);

        Assert.NotEqual(one.Current.Cards.Purse.Reveal().ToArray(), other.Current.Cards.Purse.Reveal().ToArray());
    }

    [Fact]
    public async Task Nobody_but_their_owner_reads_the_files_and_no_key_is_in_clear()
    {
        using var keys = await OpenAsync();

        foreach (var path in Files())
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(-1, (await File.ReadAllBytesAsync(path, Cancel)).AsSpan().IndexOf(keys.Current.Cards.Purse.Reveal()));
        }
    }

    [Fact]
    public async Task Any_octet_changed_is_damage()
    {
        (await OpenAsync()).Dispose();
        foreach (var path in Files())
        {
            var whole = await File.ReadAllBytesAsync(path, Cancel);
            for (var at = 0; at < whole.Length; at++)
            {
                var changed = (byte[])whole.Clone();
                changed[at] ^= 0x01;
                await File.WriteAllBytesAsync(path, changed, Cancel);
                await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);
            }

            await File.WriteAllBytesAsync(path, whole[..^1], Cancel);
            await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);
            await File.WriteAllBytesAsync(path, whole, Cancel);
        }

        (await OpenAsync()).Dispose();
    }

    [Fact]
    public async Task A_lost_file_is_damage_and_no_first_start()
    {
        (await OpenAsync()).Dispose();
        foreach (var path in Files())
        {
            File.Move(path, path + ".lost");
            await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);
            File.Move(path + ".lost", path);
        }
    }

    /// <summary>Sealed by another program: version 1, purse 10 to 1F, store 30 to 3F, under 32 × 5A.</summary>
    [Fact]
    public async Task A_folder_from_before_the_OTA_key_gains_one_and_keeps_the_others()
    {
        var keys = Directory.CreateDirectory(Path.Combine(_folder, "keys")).FullName;
        var old = Path.Combine(keys, "sealed.keys");
        await File.WriteAllBytesAsync(Path.Combine(keys, "seal.key"), [.. Enumerable.Repeat((byte)0x5A, 32)], Cancel);
        await File.WriteAllBytesAsync(old, Convert.FromHexString(FirstFormat), Cancel);
        await File.WriteAllTextAsync(old + ".new", "cut", Cancel);

        using var first = await OpenAsync();
        using var second = await OpenAsync();

        Assert.Equal("101112131415161718191A1B1C1D1E1F", Convert.ToHexString(second.Current.Cards.Purse.Reveal()));
        Assert.Equal("303132333435363738393A3B3C3D3E3F", Convert.ToHexString(second.Current.Cards.Store.Reveal()));
        Assert.Equal(first.Current.Cards.Ota.Reveal(), second.Current.Cards.Ota.Reveal());
        Assert.Equal(2, Files().Length);
    }

    /// <summary>Sealed by another program: version 1, purse 10 to 1F, store 30 to 3F, OTA 50 to 5F, under 32 × 5A.</summary>
    [Fact]
    public async Task A_folder_of_one_version_moves_on_and_keeps_its_keys_wherever_it_was_cut()
    {
        var keys = Directory.CreateDirectory(Path.Combine(_folder, "keys")).FullName;
        var file = Path.Combine(keys, "sealed.keys");
        await File.WriteAllBytesAsync(Path.Combine(keys, "seal.key"), [.. Enumerable.Repeat((byte)0x5A, 32)], Cancel);
        await File.WriteAllBytesAsync(file, Convert.FromHexString(SecondFormat), Cancel);
        await File.WriteAllTextAsync(Path.Combine(_folder, "keys.lock"), "", Cancel);
        await File.WriteAllTextAsync(file + ".new", "half of the file of", Cancel);

        using var first = await OpenAsync();
        var moved = await File.ReadAllBytesAsync(file, Cancel);
        using var second = await OpenAsync();

        Assert.Equal("505152535455565758595A5B5C5D5E5F", Convert.ToHexString(first.Current.Cards.Ota.Reveal()));
        Assert.Equal(first.Current.Checks, second.Current.Checks);
        Assert.Equal(3, moved[3]);
        Assert.Equal(moved, await File.ReadAllBytesAsync(file, Cancel));
    }

    [Fact]
    public async Task A_new_version_becomes_current_and_the_others_stay()
    {
        using var first = await OpenAsync();
        using var rotated = await Vault.RotateAsync(_folder, VaultSeal.None, Time, _ => Task.CompletedTask, Cancel);
        using var again = await OpenAsync();

        Assert.Equal([1, 2], again.Versions.Select(each => each.Version));
        Assert.Equal(2, again.Current.Version);
        Assert.Equal(rotated.Current.Checks, again.Current.Checks);
        Assert.Equal(first.Current.Checks, again.Find(1)!.Checks);
        Assert.Empty(again.Current.Checks.Intersect(first.Current.Checks));
    }

    [Fact]
    public async Task A_rotation_that_cannot_be_told_does_not_happen()
    {
        (await OpenAsync()).Dispose();
        await Assert.ThrowsAsync<IOException>(() =>
            Vault.RotateAsync(_folder, VaultSeal.None, Time, _ => throw new IOException("No log."), Cancel));

        using var vault = await OpenAsync();
        Assert.Single(vault.Versions);
    }

    [Fact]
    public async Task A_vault_is_changed_by_one_program_at_a_time()
    {
        (await OpenAsync()).Dispose();
        var refused = await Assert.ThrowsAsync<IOException>(async () =>
            await Vault.RotateAsync(
                _folder, VaultSeal.None, Time,
                async _ => await Vault.RotateAsync(_folder, VaultSeal.None, Time, _ => Task.CompletedTask, Cancel), Cancel));

        Assert.Contains("another program is changing the vault", refused.Message, StringComparison.Ordinal);
        using var vault = await Vault.RotateAsync(_folder, VaultSeal.None, Time, _ => Task.CompletedTask, Cancel);
        Assert.Equal([1, 2], vault.Versions.Select(each => each.Version));
    }

    [Fact]
    public async Task Versions_end_before_that_of_demonstration_cards()
    {
        (await OpenAsync()).Dispose();
        for (var version = 2; version <= Vault.LastVersion; version++)
            (await Vault.RotateAsync(_folder, VaultSeal.None, Time, _ => Task.CompletedTask, Cancel)).Dispose();

        await Assert.ThrowsAsync<InvalidDataException>(() =>
            Vault.RotateAsync(_folder, VaultSeal.None, Time, _ => Task.CompletedTask, Cancel));
        using var whole = await OpenAsync();
        Assert.Equal((Vault.LastVersion, 0x7E), (whole.Current.Version, whole.Versions.Count));
    }

    [Fact]
    public async Task A_first_start_that_was_cut_short_is_begun_again()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "keys.new"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "keys.new", "seal.key"), "half", Cancel);

        using var keys = await OpenAsync();

        Assert.False(Directory.Exists(Path.Combine(_folder, "keys.new")));
    }

    private Task<Vault> OpenAsync() => Vault.OpenAsync(_folder, VaultSeal.None, Time, Cancel);

    private string[] Files() => [.. Directory.EnumerateFiles(Path.Combine(_folder, "keys"))];
}
