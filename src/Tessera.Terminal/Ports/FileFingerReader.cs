using System.Security.Cryptography;
using Tessera.Cards.Biometrics;
using Tessera.Wire;

namespace Tessera.Terminal.Ports;

/// <summary>
/// A reader in software with one finger on it: the template in a file, which is read each time that a finger is wanted.
/// </summary>
public sealed class FileFingerReader(string path) : IBiometricReader
{
    /// <summary>The template in the file.</summary>
    /// <returns>The caller's to dispose.</returns>
    /// <exception cref="IOException">The file is not there, or holds no template of a finger.</exception>
    public static async Task<FingerTemplate> ReadAsync(string path, CancellationToken cancel)
    {
        var octets = new byte[FingerTemplate.MaxLength + 1];
        try
        {
            await using var file = new FileStream(path, new FileStreamOptions { BufferSize = 0 });
            var length = await file.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false, cancel);
            return new Bytes(octets.AsMemory(0, length)).Read<FingerTemplate>();
        }
        catch (WireFormatException broken)
        {
            throw new IOException($"{path} is no template of a finger: {broken.Message}", broken);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    public Task<FingerTemplate> CaptureAsync(CancellationToken cancel) => ReadAsync(path, cancel);
}
