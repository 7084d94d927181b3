using Tessera.Cards;
using Tessera.Cards.Store;
using Tessera.Storage.Objects;
using Xunit;

namespace Tessera.Storage.Tests.Objects;

public sealed class ObjectKeyFolderTests : IDisposable
{
    private static readonly CardId Card = CardId.Parse("0123456789ABCDEF");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_795_334_400);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"objects-{Guid.NewGuid():N}");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_first_opening_makes_a_key_and_the_next_finds_it()
    {
        using var first = await ObjectKeyFolder.OpenAsync(_folder, Cancel);
        using var again = await ObjectKeyFolder.OpenAsync(_folder, Cancel);
        Assert.Equal((1, first.Keys[0].PublicKey), (again.Keys[0].Number, again.Keys[0].PublicKey));
        Assert.Equal(first.Keys[0].PublicKey, await File.ReadAllTextAsync(Path.Combine(_folder, "01.pem"), Cancel));
    }

    [Fact]
    public async Task After_a_rotation_another_key_signs_and_what_the_first_signed_is_good()
    {
        using var folder = await ObjectKeyFolder.OpenAsync(_folder, Cancel);
        var old = SignedObject.Sign(folder.Keys[^1].Key, Card, ObjectKind.Ticket, 1, Now, Now.AddHours(1), "Bus");
        await folder.RotateAsync(Cancel);

        using var opened = await ObjectKeyFolder.OpenAsync(_folder, Cancel);
        Assert.Equal([1, 2], opened.Keys.Select(key => key.Number));
        using var inspector = ObjectInspector.With([.. opened.Keys.Select(key => key.PublicKey)]);
        var fresh = SignedObject.Sign(opened.Keys[^1].Key, Card, ObjectKind.Ticket, 2, Now, Now.AddHours(1), "Bus");
        Assert.NotEqual(old.Key, fresh.Key);
        Assert.True(inspector.Look(old, Card, Now).IsGood);
        Assert.True(inspector.Look(fresh, Card, Now).IsGood);
    }

    [Fact]
    public async Task Private_keys_are_sealed_and_files_are_their_owners_alone()
    {
        using var folder = await ObjectKeyFolder.OpenAsync(_folder, Cancel);
        var pkcs8 = folder.Keys[0].Key.ExportPkcs8PrivateKey();
        var secret = folder.Keys[0].Key.ExportParameters(includePrivateParameters: true).D!;
        foreach (var file in Directory.EnumerateFiles(_folder))
        {
            var octets = await File.ReadAllBytesAsync(file, Cancel);
            Assert.True(octets.AsSpan().IndexOf(secret) < 0 && octets.AsSpan().IndexOf(pkcs8) < 0, file);
            if (!OperatingSystem.IsWindows() && !file.EndsWith(".pem", StringComparison.Ordinal))
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_sealed_key_that_was_changed_or_belongs_to_another_is_refused()
    {
        using (var folder = await ObjectKeyFolder.OpenAsync(_folder, Cancel)) await folder.RotateAsync(Cancel);
        var (first, second) = (Path.Combine(_folder, "01.sealed"), Path.Combine(_folder, "02.sealed"));
        var right = await File.ReadAllBytesAsync(first, Cancel);
        File.Copy(second, first, overwrite: true);
        await Assert.ThrowsAsync<InvalidDataException>(() => ObjectKeyFolder.OpenAsync(_folder, Cancel));
        right[^1] ^= 1;
        await File.WriteAllBytesAsync(first, right, Cancel);
        await Assert.ThrowsAsync<InvalidDataException>(() => ObjectKeyFolder.OpenAsync(_folder, Cancel));
    }

    [Fact]
    public async Task Numbers_are_taken_once_and_a_coupon_is_recorded_once()
    {
        Directory.CreateDirectory(_folder);
        var path = Path.Combine(_folder, "book.db");
        uint next;
        await using (var database = await Database.OpenAsync(path, cancel: Cancel))
        {
            var book = new SqliteObjectBook(database);
            var taken = await Task.WhenAll(Enumerable.Range(1, 8).Select(_ => book.TakeNumbersAsync(3, Cancel)));
            Assert.Equal(Enumerable.Range(0, 8).Select(i => (uint)(1 + (3 * i))), taken.Order());
            next = taken.Max() + 3;
        }

        await using var reopened = await Database.OpenAsync(path, cancel: Cancel);
        Assert.Equal(next, await new SqliteObjectBook(reopened).TakeNumbersAsync(1, Cancel));
        Assert.Null(await new SqliteObjectBook(reopened).FindAsync(7, Cancel));
    }
}
