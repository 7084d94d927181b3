using System.Security.Cryptography;

namespace Tessera.Wire;

/// <summary>An AES key that owns its octets, zeroes them when disposed and never prints them.</summary>
public sealed class SecretKey : IDisposable
{
    private readonly byte[] _octets;
    private bool _disposed;

    /// <summary>Takes a copy of <paramref name="octets"/>; the caller zeroes its own.</summary>
    /// <exception cref="ArgumentException">Not 16, 24 or 32 octets.</exception>
    public SecretKey(ReadOnlySpan<byte> octets)
    {
        if (octets.Length is not (16 or 24 or 32))
            throw new ArgumentException($"An AES key has 16, 24 or 32 octets, not {octets.Length}.", nameof(octets));
        _octets = octets.ToArray();
    }

    public int Length => _octets.Length;

    public static SecretKey Generate(int length = 16)
    {
        var octets = RandomNumberGenerator.GetBytes(length);
        try
        {
            return new SecretKey(octets);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(octets);
        }
    }

    /// <summary>The octets themselves, for sealing and for writing into a card. Do not keep a copy.</summary>
    public ReadOnlySpan<byte> Reveal()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return _octets;
    }

    /// <summary>The cipher of this key; the caller disposes it.</summary>
    public Aes CreateAes()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var aes = Aes.Create();
        aes.SetKey(_octets);
        return aes;
    }

    public void Dispose()
    {
        _disposed = true;
        CryptographicOperations.ZeroMemory(_octets);
    }

    public override string ToString() => $"SecretKey({_octets.Length} octets)";
}
