using Tessera.Cards.Piv;
using Tessera.Interop.Tests.Pcsc;
using Xunit;

namespace Tessera.Interop.Tests.Piv;

/// <summary>The PIV card as ykman manages it, which takes it for a security key near a contactless reader.</summary>
[Collection(PcscdAlone.Name)]
public class YkmanTests(PrivatePcscd pcscd)
{
    private const string ManagementKey = "010203040506070801020304050607080102030405060708";
    private static readonly string[] Manager = ["-m", ManagementKey];
    private static readonly string[] Holder = ["-P", PivHost.Pin];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("9a", "RSA2048")]
    [InlineData("9c", "ECCP384")]
    public async Task A_key_is_generated_and_ykman_makes_a_certificate_and_a_request_that_it_signed(
        string slot, string algorithm)
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel);

        await host.YkmanAsync(Cancel, ["keys", "generate", .. Manager, "-a", algorithm, slot, "public.pem"]);
        await host.YkmanAsync(
            Cancel, ["certificates", "generate", .. Manager, .. Holder, "-s", "Made here", slot, "public.pem"]);
        await host.YkmanAsync(Cancel, "certificates", "export", slot, "certificate.pem");
        await host.YkmanAsync(
            Cancel, ["certificates", "request", .. Holder, "-s", "Made here", slot, "public.pem", "request.pem"]);

        await host.CheckSelfSignedAsync("certificate.pem", Cancel);
        await host.CheckRequestAsync("request.pem", Cancel);
        var told = await host.YkmanAsync(Cancel, "info");
        Assert.Contains($"Slot {slot}:", told, StringComparison.Ordinal);
        Assert.Contains($"Algorithm:\t{algorithm}", told, StringComparison.Ordinal);
        Assert.Contains("Subject DN:\tCN=Made here", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_holder_changes_PIN_and_PUK_and_comes_back_by_the_PUK()
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel, PivHost.Key(0x9A, PivAlgorithm.P256));

        await host.YkmanAsync(Cancel, "access", "change-pin", "-P", PivHost.Pin, "-n", "87654321");
        Assert.NotEqual(0, (await host.TryYkmanAsync(Cancel, "access", "change-pin", "-P", PivHost.Pin, "-n", "1234567")).ExitCode);
        Assert.Contains("PIN tries remaining: 2", await host.YkmanAsync(Cancel, "info"), StringComparison.Ordinal);
        await host.YkmanAsync(Cancel, "access", "change-puk", "-p", "12345678", "-n", "11223344");
        await host.YkmanAsync(Cancel, "access", "unblock-pin", "-p", "11223344", "-n", PivHost.Pin);
        Assert.Contains("PIN tries remaining: 3", await host.YkmanAsync(Cancel, "info"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_and_certificates_come_from_outside_and_objects_go_out()
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel);
        await host.OpenSslAsync(
            Cancel, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Ada", "-days", "30", "-keyout", "key.pem",
            "-out", "certificate.pem");

        await host.YkmanAsync(Cancel, ["keys", "import", .. Manager, "9a", "key.pem"]);
        await host.YkmanAsync(
            Cancel, ["certificates", "import", .. Manager, .. Holder, "--verify", "9a", "certificate.pem"]);
        await host.YkmanAsync(Cancel, ["objects", "generate", .. Manager, .. Holder, "chuid"]);
        await host.YkmanAsync(Cancel, "objects", "export", "chuid", "chuid");

        var name = PivChuid.Read(new(await File.ReadAllBytesAsync(host.File("chuid"), Cancel)));
        Assert.NotNull(name);
        Assert.Contains(
            name.Value.ToString("N"), await host.YkmanAsync(Cancel, "info"), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>It notes in an object of its own that the card keeps its key, behind the PIN.</summary>
    [Fact]
    public async Task The_management_key_changes_and_may_be_kept_by_the_card()
    {
        await using var host = await PivHost.InsertAsync(pcscd, Cancel);
        await host.YkmanAsync(Cancel, ["keys", "generate", .. Manager, "-a", "ECCP256", "9a", "public.pem"]);

        await host.YkmanAsync(
            Cancel, ["access", "change-management-key", .. Manager, .. Holder, "--generate", "--protect"]);

        Assert.NotEqual(
            0, (await host.TryYkmanAsync(Cancel, ["keys", "generate", .. Manager, "9a", "public.pem"])).ExitCode);
        await host.YkmanAsync(Cancel, ["certificates", "generate", .. Holder, "-s", "Made here", "9a", "public.pem"]);
        Assert.Contains(
            "Management key is stored on the YubiKey, protected by PIN", await host.YkmanAsync(Cancel, "info"),
            StringComparison.Ordinal);
    }
}
