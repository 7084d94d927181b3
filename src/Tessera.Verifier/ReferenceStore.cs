using System.Security.Cryptography;
using Tessera.Cards;
using Tessera.Wire;

namespace Tessera.Verifier;

/// <summary>The references of a verifier, a sealed file for each card; durable when a change returns.</summary>
/// <remarks>
/// <code>
/// nonce 12 | AES-256-GCM of the reference, with "Tessera reference" 00 and the card id as associated data | tag 16
/// </code>
/// One process at a time has them, and none for longer than it looks: enrolment needs no pause of the service.
/// </remarks>
public sealed class ReferenceStore : IDisposable
{
    private const string LockFile = ".lock";
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int MaxLength = 1024;
    private const int MaxAttempts = 250;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);

    private readonly string _folder;
    private readonly SecretKey _key;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _turn = new(1, 1);

    public ReferenceStore(VerifierFolder verifier, TimeProvider time) =>
        (_folder, _key, _time) = (verifier.References, verifier.ReferenceKey(), time);

    /// <summary>Has the reference of a card to itself until the result is disposed.</summary>
    /// <exception cref="IOException">Another process keeps the references, or the disk fails.</exception>
    public async Task<HeldReferences> HoldAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            return new HeldReferences(this, await LockAsync(cancel));
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    public void Dispose()
    {
        _key.Dispose();
        _turn.Dispose();
    }

    private async Task<FileStream> LockAsync(CancellationToken cancel)
    {
        var path = Path.Combine(_folder, LockFile);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < MaxAttempts && File.Exists(path))
            {
                await Task.Delay(Between, _time, cancel);
            }
        }
    }

    private string PathOf(CardId card) => Path.Combine(_folder, card.ToString());

    private static byte[] Associated(CardId card) => [.. "Tessera reference\0"u8, .. Bytes.Of(card).Span];

    /// <summary>The references while nobody else has them.</summary>
    public sealed class HeldReferences : IDisposable
    {
        private readonly ReferenceStore _store;
        private readonly FileStream _lock;

        internal HeldReferences(ReferenceStore store, FileStream held) => (_store, _lock) = (store, held);

        /// <returns>The caller's to dispose; null where the card is not known.</returns>
        /// <exception cref="InvalidDataException">The file was changed, or is of another verifier or card.</exception>
        public HolderReference? Find(CardId card)
        {
            var path = _store.PathOf(card);
            if (!File.Exists(path)) return null;
            var octets = File.ReadAllBytes(path);
            if (octets.Length is < NonceLength + TagLength or > MaxLength) throw Damaged(path);
            var plain = new byte[octets.Length - NonceLength - TagLength];
            try
            {
                using var aes = new AesGcm(_store._key.Reveal(), TagLength);
                aes.Decrypt(
                    octets.AsSpan(0, NonceLength), octets.AsSpan(NonceLength, plain.Length), octets.AsSpan()[^TagLength..],
                    plain, Associated(card));
                return HolderReference.Read(plain);
            }
            catch (Exception bad) when (bad is CryptographicException or WireFormatException)
            {
                throw Damaged(path, bad);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(plain);
            }
        }

        /// <summary>On disk when it returns.</summary>
        public void Keep(CardId card, HolderReference reference)
        {
            var plain = reference.ToOctets();
            var octets = new byte[NonceLength + plain.Length + TagLength];
            try
            {
                RandomNumberGenerator.Fill(octets.AsSpan(0, NonceLength));
                using var aes = new AesGcm(_store._key.Reveal(), TagLength);
                aes.Encrypt(
                    octets.AsSpan(0, NonceLength), plain, octets.AsSpan(NonceLength, plain.Length),
                    octets.AsSpan()[^TagLength..], Associated(card));
            }
            finally
            {
                CryptographicOperations.ZeroMemory(plain);
            }

            var path = _store.PathOf(card);
            var fresh = path + ".new";
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (var file = new FileStream(fresh, options))
            {
                file.Write(octets);
                file.Flush(flushToDisk: true);
            }

            File.Move(fresh, path, overwrite: true);
        }

        public void Dispose()
        {
            _lock.Dispose();
            _store._turn.Release();
        }

        private static InvalidDataException Damaged(string path, Exception? why = null) =>
            new($"{path} is no reference of this verifier.", why);
    }
}
