using System.Buffers.Binary;
using Tessera.Storage.Keys;
using Xunit;

namespace Tessera.Storage.Tests.Keys;

/// <summary>A vault under a passphrase, a key file, or both: a folder that is copied opens nothing.</summary>
public sealed class VaultSealTests : IDisposable
{
    private const int Few = 10;
    private const int IterationsAt = 6;

    private readonly string _folder = Directory.CreateTempSubdirectory("tessera-").FullName;

    private static TimeProvider Time => TimeProvider.System;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string SealedFile => Path.Combine(_folder, "keys", "sealed.keys");

    private string SealKey => Path.Combine(_folder, "keys", "seal.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public static TheoryData<string?, int> Seals => new() { { "correct horse", 0 }, { null, 32 }, { "correct horse", 32 } };

    [Theory]
    [MemberData(nameof(Seals))]
    public async Task A_sealed_vault_opens_by_what_it_is_sealed_under_and_by_nothing_else(string? passphrase, int keyFile)
    {
        var checks = (await OpenAsync(VaultSeal.None)).Current.Checks;
        using var seal = Seal(passphrase, keyFile);
        await ChangeAsync(VaultSeal.None, seal);

        using var vault = await OpenAsync(seal);
        Assert.Equal(checks, vault.Current.Checks);
        Assert.Equal(seal.Kind, Vault.SealOf(_folder));
        Assert.Equal([SealedFile], Directory.GetFiles(Path.Combine(_folder, "keys")));
        var missing = await RefusedAsync(VaultSeal.None);
        Assert.Contains("which is missing", missing, StringComparison.Ordinal);
        var wrong = await RefusedAsync(Seal(passphrase is null ? null : "Correct horse", keyFile == 0 ? 0 : 33));
        Assert.StartsWith("The vault does not open: the ", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sealed_from_the_start_rotated_and_opened_again_it_keeps_its_keys()
    {
        using var seal = Seal("correct horse", 0);
        using var first = await OpenAsync(seal);
        using var rotated = await Vault.RotateAsync(_folder, seal, Time, _ => Task.CompletedTask, Cancel);
        using var other = Seal("battery staple", 0);
        await ChangeAsync(seal, other);
        await RefusedAsync(seal);
        await ChangeAsync(other, VaultSeal.None);

        using var open = await OpenAsync(VaultSeal.None);
        Assert.Equal([1, 2], open.Versions.Select(each => each.Version));
        Assert.Equal(first.Current.Checks, open.Find(1)!.Checks);
        Assert.Equal(rotated.Current.Checks, open.Current.Checks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cut_between_its_writes_a_change_is_done_or_not_and_nothing_stays_in_clear(bool opens)
    {
        using var seal = Seal("correct horse", 0);
        var checks = (await OpenAsync(opens ? seal : VaultSeal.None)).Current.Checks;
        var before = Snapshot();
        await ChangeAsync(opens ? seal : VaultSeal.None, opens ? VaultSeal.None : seal);
        var after = Snapshot();

        // In the order of the writes: the key of an open seal comes before what it opens, and goes behind it.
        foreach (var (sealedFile, sealKey, isDone) in opens
            ? ((byte[], byte[]?, bool)[])
            [
                (before.File, null, false), (before.File, after.Key, false), (after.File, after.Key, true),
            ]
            :
            [
                (before.File, before.Key, false), (after.File, before.Key, true), (after.File, new byte[32], true),
                (after.File, null, true),
            ])
        {
            await File.WriteAllBytesAsync(SealedFile, sealedFile, Cancel);
            await File.WriteAllTextAsync(SealedFile + ".new", "half of the next", Cancel);
            File.Delete(SealKey);
            if (sealKey is not null) await File.WriteAllBytesAsync(SealKey, sealKey, Cancel);

            using var vault = await OpenAsync(isDone == opens ? VaultSeal.None : seal);
            Assert.Equal(checks, vault.Current.Checks);
            Assert.Equal(isDone == opens, File.Exists(SealKey));
        }
    }

    [Fact]
    public async Task A_refused_act_leaves_the_seal_as_it_was()
    {
        (await OpenAsync(VaultSeal.None)).Dispose();
        var before = Snapshot();
        using var seal = Seal("correct horse", 0);

        await Assert.ThrowsAsync<IOException>(() => Vault.SealAsync(
            _folder, VaultSeal.None, seal, Time, () => throw new IOException("No log."), Cancel));
        await Assert.ThrowsAsync<InvalidDataException>(() => ChangeAsync(VaultSeal.None, Seal("short", 0)));
        await Assert.ThrowsAsync<InvalidDataException>(() => ChangeAsync(VaultSeal.None, Seal(null, 15)));

        Assert.Equal(before.File, Snapshot().File);
        Assert.Equal(before.Key, Snapshot().Key);
    }

    [Fact]
    public async Task Any_octet_changed_is_damage_and_costs_no_time()
    {
        using var seal = Seal("correct horse", 0);
        (await OpenAsync(seal)).Dispose();
        var whole = await File.ReadAllBytesAsync(SealedFile, Cancel);
        for (var at = 0; at < whole.Length; at++)
        {
            // A count of a million is one that somebody may have chosen.
            if (at is IterationsAt or IterationsAt + 1) continue;
            var changed = (byte[])whole.Clone();
            changed[at] ^= 0x01;
            await File.WriteAllBytesAsync(SealedFile, changed, Cancel);
            await RefusedAsync(seal);
        }

        foreach (var iterations in (int[])[0, -1, int.MaxValue, 10_000_001])
        {
            BinaryPrimitives.WriteInt32BigEndian(whole.AsSpan(IterationsAt), iterations);
            await File.WriteAllBytesAsync(SealedFile, whole, Cancel);
            Assert.Contains("not known", await RefusedAsync(seal), StringComparison.Ordinal);
        }
    }

    private static VaultSeal Seal(string? passphrase, int keyFile) => new(
        passphrase?.ToCharArray(), keyFile == 0 ? null : [.. Enumerable.Repeat((byte)0x5A, keyFile)], Few);

    private Task<Vault> OpenAsync(VaultSeal seal) => Vault.OpenAsync(_folder, seal, Time, Cancel);

    private Task ChangeAsync(VaultSeal seal, VaultSeal next) =>
        Vault.SealAsync(_folder, seal, next, Time, () => Task.CompletedTask, Cancel);

    private async Task<string> RefusedAsync(VaultSeal seal) =>
        (await Assert.ThrowsAsync<InvalidDataException>(() => OpenAsync(seal))).Message;

    private (byte[] File, byte[]? Key) Snapshot() =>
        (File.ReadAllBytes(SealedFile), File.Exists(SealKey) ? File.ReadAllBytes(SealKey) : null);
}
