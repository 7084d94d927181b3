using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tessera.Cards.Identity;
using Tessera.Storage.Authorities;
using Tessera.Testing;
using Tessera.Wire;
using Xunit;

namespace Tessera.Storage.Tests.Authorities;

/// <summary>The authority in its folder: what it issued and took back outlives the program.</summary>
public sealed class AuthorityFolderTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();
    private readonly ManualTime _time = new(Start);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Folder => AuthorityFolder.In(_folder.Path);

    [Fact]
    public async Task Its_certificates_are_trusted_by_its_own_folder_until_they_are_taken_back()
    {
        await AuthorityFolder.CreateAsync(Folder, "CN=Town cards", _time, Cancel);
        using var ada = await IssueAsync("CN=Ada");
        using var grace = await IssueAsync("CN=Grace");
        Assert.Equal("trusted", await JudgeAsync(ada));

        _time.Advance(TimeSpan.FromDays(1));
        using (var authority = await OpenAsync())
        {
            await authority.RevokeAsync(ada.SerialNumber, X509RevocationReason.KeyCompromise, Cancel);
            _time.Advance(TimeSpan.FromHours(1));
            await authority.RevokeAsync(ada.SerialNumber, X509RevocationReason.Superseded, Cancel);
        }

        Assert.Equal("CN=Ada was revoked 2026-01-02T12:00:00Z (keyCompromise)", await JudgeAsync(ada));
        Assert.Equal("trusted", await JudgeAsync(grace));
        using var again = await OpenAsync();
        Assert.Equal(["CN=Ada", "CN=Grace"], again.Issued.Select(each => each.Subject), StringComparer.Ordinal);
        Assert.Equal([X509RevocationReason.KeyCompromise, null], again.Issued.Select(each => each.Reason));
    }

    [Fact]
    public async Task A_list_runs_out_and_a_fresh_one_takes_its_place()
    {
        await AuthorityFolder.CreateAsync(Folder, "CN=Town cards", _time, Cancel);
        using var ada = await IssueAsync("CN=Ada");
        _time.Advance(AuthorityFolder.ListHolds + TimeSpan.FromSeconds(1));
        Assert.Contains("the next list of CN=Town cards was due", await JudgeAsync(ada), StringComparison.Ordinal);

        using (var authority = await OpenAsync()) await authority.ListAsync(TimeSpan.FromDays(1), Cancel);

        Assert.Equal("trusted", await JudgeAsync(ada));
    }

    [Fact]
    public async Task A_list_is_renewed_for_as_long_as_it_held_once_half_of_that_is_over()
    {
        await AuthorityFolder.CreateAsync(Folder, "CN=Town cards", _time, Cancel);
        using var ada = await IssueAsync("CN=Ada");
        using var authority = await OpenAsync();
        await authority.ListAsync(TimeSpan.FromDays(2), Cancel);
        _time.Advance(TimeSpan.FromHours(23));
        Assert.False(await authority.RenewListAsync(Cancel));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.True(await authority.RenewListAsync(Cancel));

        _time.Advance(TimeSpan.FromHours(47));
        Assert.Equal("trusted", await JudgeAsync(ada));
        _time.Advance(TimeSpan.FromHours(2));
        Assert.Contains("was due 2026-01-04T12:00:00Z", await JudgeAsync(ada), StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_one_authority_and_one_program_at_a_time()
    {
        await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);
        await AuthorityFolder.CreateAsync(Folder, "CN=Town cards", _time, Cancel);
        await Assert.ThrowsAsync<IOException>(() => AuthorityFolder.CreateAsync(Folder, "CN=Other", _time, Cancel));
        using (await OpenAsync()) await Assert.ThrowsAsync<IOException>(OpenAsync);
        using var authority = await OpenAsync();
        await Assert.ThrowsAsync<ArgumentException>(
            () => authority.RevokeAsync("0102", X509RevocationReason.Unspecified, Cancel));
    }

    [Theory]
    [InlineData("sealed.key")]
    [InlineData("seal.key")]
    [InlineData("issued.json")]
    public async Task A_damaged_file_is_named_and_never_replaced(string name)
    {
        await AuthorityFolder.CreateAsync(Folder, "CN=Town cards", _time, Cancel);
        var path = Path.Combine(Folder, name);
        var octets = await File.ReadAllBytesAsync(path, Cancel);
        octets[^1] ^= 0x01;
        await File.WriteAllBytesAsync(path, octets, Cancel);

        await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);
        Assert.Equal(octets, await File.ReadAllBytesAsync(path, Cancel));
        File.Delete(path);
        await Assert.ThrowsAsync<InvalidDataException>(OpenAsync);
    }

    [Fact]
    public async Task Its_key_is_neither_in_clear_nor_readable_by_others()
    {
        await AuthorityFolder.CreateAsync(Folder, "CN=Town cards", _time, Cancel);
        var sealKey = await File.ReadAllBytesAsync(Path.Combine(Folder, "seal.key"), Cancel);
        using var root = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(Folder, "authority.crt"));
        var key = SealedAuthorityKey.Open(
            await File.ReadAllBytesAsync(Path.Combine(Folder, "sealed.key"), Cancel), root.RawData, sealKey);
        using var opened = ECDsa.Create();
        opened.ImportPkcs8PrivateKey(key, out _);
        var secret = opened.ExportParameters(includePrivateParameters: true).D!;

        Assert.Equal(384, opened.KeySize);
        foreach (var path in Directory.EnumerateFiles(Folder))
        {
            Assert.True((await File.ReadAllBytesAsync(path, Cancel)).AsSpan().IndexOf(secret) < 0, path);
            if (!OperatingSystem.IsWindows() && path.EndsWith(".key", StringComparison.Ordinal))
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    private Task<AuthorityFolder> OpenAsync() => AuthorityFolder.OpenAsync(Folder, _time, Cancel);

    private async Task<X509Certificate2> IssueAsync(string name)
    {
        using var authority = await OpenAsync();
        var request = new CertificateRequest(name, _key, HashAlgorithmName.SHA256).CreateSigningRequest();
        return await authority.IssueAsync(new Bytes(request), 0x9A, TimeSpan.FromDays(365), null, Cancel);
    }

    private async Task<string> JudgeAsync(X509Certificate2 certificate)
    {
        using var trust = await TrustStore.LoadAsync(Folder, Cancel);
        return trust.Judge(certificate, [], _time.GetUtcNow(), CertificateUse.Authentication).Words;
    }
}
