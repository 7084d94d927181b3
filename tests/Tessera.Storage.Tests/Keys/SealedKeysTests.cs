using Tessera.Storage.Keys;
using Xunit;

namespace Tessera.Storage.Tests.Keys;

public sealed class SealedKeysTests : IDisposable
{
    private const string FirstFormat =
        "54534B0101A0A1A2A3A4A5A6A7A8A9AAAB24084A1A7F7332AE11982B6280A20D31" +
        "F600121EF80CF24C2054C707251952312BDBECBE083E46A84992053056DF0A64";

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_second_start_finds_the_keys_of_the_first()
    {
        using var first = await SealedKeys.OpenAsync(_folder, Cancel);
        using var second = await SealedKeys.OpenAsync(_folder, Cancel);

        Assert.Equal(first.Purse.Reveal(), second.Purse.Reveal());
        Assert.Equal(first.Store.Reveal(), second.Store.Reveal());
        Assert.Equal(first.Ota.Reveal(), second.Ota.Reveal());
        Assert.NotEqual(first.Purse.Reveal().ToArray(), first.Store.Reveal().ToArray());
        Assert.Equal((SealedKeys.FirstVersion, 16, 16), (second.Version, second.Purse.Length, second.Store.Length));
    }

    [Fact]
    public async Task Two_folders_have_different_keys()
    {
        using var one = await SealedKeys.OpenAsync(Path.Combine(_folder, "one"), Cancel);
        using var other = await SealedKeys.OpenAsync(Path.Combine(_folder, "other"), Cancel);

        Assert.NotEqual(one.Purse.Reveal().ToArray(), other.Purse.Reveal().ToArray());
    }

    [Fact]
    public async Task Nobody_but_their_owner_reads_the_files_and_no_key_is_in_clear()
    {
        using var keys = await SealedKeys.OpenAsync(_folder, Cancel);

        foreach (var path in Files())
        {
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
            Assert.Equal(-1, (await File.ReadAllBytesAsync(path, Cancel)).AsSpan().IndexOf(keys.Purse.Reveal()));
        }
    }

    [Fact]
    public async Task Any_octet_changed_is_damage()
    {
        (await SealedKeys.OpenAsync(_folder, Cancel)).Dispose();
        foreach (var path in Files())
        {
            var whole = await File.ReadAllBytesAsync(path, Cancel);
            for (var at = 0; at < whole.Length; at++)
            {
                var changed = (byte[])whole.Clone();
                changed[at] ^= 0x01;
                await File.WriteAllBytesAsync(path, changed, Cancel);
                await Assert.ThrowsAsync<InvalidDataException>(() => SealedKeys.OpenAsync(_folder, Cancel));
            }

            await File.WriteAllBytesAsync(path, whole[..^1], Cancel);
            await Assert.ThrowsAsync<InvalidDataException>(() => SealedKeys.OpenAsync(_folder, Cancel));
            await File.WriteAllBytesAsync(path, whole, Cancel);
        }

        (await SealedKeys.OpenAsync(_folder, Cancel)).Dispose();
    }

    [Fact]
    public async Task A_lost_file_is_damage_and_no_first_start()
    {
        (await SealedKeys.OpenAsync(_folder, Cancel)).Dispose();
        foreach (var path in Files())
        {
            File.Move(path, path + ".lost");
            await Assert.ThrowsAsync<InvalidDataException>(() => SealedKeys.OpenAsync(_folder, Cancel));
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

        using var first = await SealedKeys.OpenAsync(_folder, Cancel);
        using var second = await SealedKeys.OpenAsync(_folder, Cancel);

        Assert.Equal("101112131415161718191A1B1C1D1E1F", Convert.ToHexString(second.Purse.Reveal()));
        Assert.Equal("303132333435363738393A3B3C3D3E3F", Convert.ToHexString(second.Store.Reveal()));
        Assert.Equal(first.Ota.Reveal(), second.Ota.Reveal());
        Assert.Equal(2, Files().Length);
    }

    [Fact]
    public async Task A_first_start_that_was_cut_short_is_begun_again()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "keys.new"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "keys.new", "seal.key"), "half", Cancel);

        using var keys = await SealedKeys.OpenAsync(_folder, Cancel);

        Assert.False(Directory.Exists(Path.Combine(_folder, "keys.new")));
    }

    private string[] Files() => [.. Directory.EnumerateFiles(Path.Combine(_folder, "keys"))];
}
