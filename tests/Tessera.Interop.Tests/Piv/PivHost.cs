using System.Diagnostics;
using Tessera.Cards;
using Tessera.Cards.Piv;
using Tessera.Interop.Tests.Pcsc;
using Tessera.Testing;
using Tessera.VirtualCard;
using Tessera.VirtualCard.Os;
using Tessera.VirtualCard.Piv;
using Xunit;

namespace Tessera.Interop.Tests.Piv;

/// <summary>A PIV card in the reader of a private pcscd, and the programs of other people that use it.</summary>
internal sealed class PivHost : IAsyncDisposable
{
    public const string Pin = DemonstrationKeys.Pin;
    public const string Module = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so";

    private static readonly DateTimeOffset Made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PrivatePcscd _pcscd;
    private readonly TempFolder _folder = new();
    private CardOs? _card;
    private IAsyncDisposable? _inserted;

    private PivHost(PrivatePcscd pcscd) => _pcscd = pcscd;

    /// <summary>What the programs read and write.</summary>
    public string Folder => _folder.Path;

    /// <summary>Puts a card with such keys into the reader, and returns when it is seen there.</summary>
    public static async Task<PivHost> InsertAsync(
        PrivatePcscd pcscd, CancellationToken cancel, params PivCredential[] credentials)
    {
        var id = CardId.Parse("0123456789ABCDEF");
        var piv = PivPersonalisation.Demonstration(id, Made, credentials);
        var card = InsertedCard.Of(Personalisation.Demonstration(id, piv: piv));
        return new PivHost(pcscd) { _card = card, _inserted = await InsertedCard.ShowAsync(pcscd, card, cancel) };
    }

    /// <summary>For whatever card somebody else has put into the reader.</summary>
    public static PivHost At(PrivatePcscd pcscd) => new(pcscd);

    /// <summary>Has the tool make a PIV card and keep it in the reader.</summary>
    public static async Task<PivHost> ServeAsync(PrivatePcscd pcscd, CancellationToken cancel)
    {
        await using var reader = await pcscd.OpenAsync(null, cancel);
        var host = new PivHost(pcscd);
        host._inserted = ToolProcess.Start(
            ["card", "serve", "--vpcd", pcscd.EndPoint.ToString(), "--image", host.File("piv.img"), "--piv"]);
        return await host.OrEndAsync(async () =>
        {
            await using var seen = await reader.InsertedAsync(cancel);
        });
    }

    /// <summary>A key with a certificate of Ada.</summary>
    public static PivCredential Key(byte reference, PivAlgorithm algorithm) =>
        PivCredential.SelfSigned(reference, algorithm, "CN=Ada", Made);

    public string File(string name) => _folder.File(name);

    /// <summary>Runs a program in the folder; it must succeed.</summary>
    /// <param name="package">The Debian package that has it.</param>
    /// <returns>All that it said.</returns>
    public async Task<string> RunAsync(
        string package, string program, CancellationToken cancel, params IEnumerable<string> arguments)
    {
        var (exitCode, said) = await TryAsync(package, program, cancel, arguments);
        Assert.True(exitCode == 0, $"{program} ended with {exitCode}: {said}");
        return said;
    }

    /// <inheritdoc cref="RunAsync"/>
    public async Task<(int ExitCode, string Said)> TryAsync(
        string package, string program, CancellationToken cancel, params IEnumerable<string> arguments)
    {
        if (!System.IO.File.Exists(program)) Assert.Skip($"install {package}");
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Folder,
            Environment = { [_pcscd.Address.Key] = _pcscd.Address.Value },
        };
        using var process = Process.Start(start)!;
        try
        {
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var errors = process.StandardError.ReadToEndAsync(cancel);
            var said = await output + await errors;
            await process.WaitForExitAsync(cancel);
            return (process.ExitCode, said);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    public Task<string> Pkcs11Async(CancellationToken cancel, params IEnumerable<string> arguments)
    {
        if (!System.IO.File.Exists(Module)) Assert.Skip("install opensc-pkcs11");
        return RunAsync("opensc", "/usr/bin/pkcs11-tool", cancel, ["--module", Module, .. arguments]);
    }

    public Task<string> OpenSslAsync(CancellationToken cancel, params IEnumerable<string> arguments) =>
        RunAsync("openssl", "/usr/bin/openssl", cancel, arguments);

    /// <summary>OpenSSL finds that a certificate was signed with its own key.</summary>
    public async Task CheckSelfSignedAsync(string certificate, CancellationToken cancel) => Assert.Equal(
        $"{certificate}: OK\n",
        await OpenSslAsync(cancel, "verify", "-CAfile", certificate, "-check_ss_sig", certificate));

    /// <summary>OpenSSL finds that a request for a certificate was signed with its own key.</summary>
    public async Task CheckRequestAsync(string request, CancellationToken cancel) => Assert.Contains(
        "verify OK", await OpenSslAsync(cancel, "req", "-in", request, "-verify", "-noout"), StringComparison.Ordinal);

    public Task<string> YubicoAsync(CancellationToken cancel, params IEnumerable<string> arguments) =>
        RunAsync("yubico-piv-tool", YubicoTool, cancel, ["-r", "Virtual", .. arguments]);

    public Task<(int ExitCode, string Said)> TryYubicoAsync(
        CancellationToken cancel, params IEnumerable<string> arguments) =>
        TryAsync("yubico-piv-tool", YubicoTool, cancel, ["-r", "Virtual", .. arguments]);

    public Task<string> YkmanAsync(CancellationToken cancel, params IEnumerable<string> arguments) =>
        RunAsync("yubikey-manager", Ykman, cancel, ["--reader", PrivatePcscd.Reader, "piv", .. arguments]);

    public Task<(int ExitCode, string Said)> TryYkmanAsync(
        CancellationToken cancel, params IEnumerable<string> arguments) =>
        TryAsync("yubikey-manager", Ykman, cancel, ["--reader", PrivatePcscd.Reader, "piv", .. arguments]);

    public async ValueTask DisposeAsync()
    {
        if (_inserted is not null) await _inserted.DisposeAsync();
        _card?.Dispose();
        _folder.Dispose();
    }

    private const string YubicoTool = "/usr/bin/yubico-piv-tool";
    private const string Ykman = "/usr/bin/ykman";
}
