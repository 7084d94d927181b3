using System.Buffers;
using Tessera.Wire;

namespace Tessera.Testing;

/// <summary>The three things every wire format must do, checked from one vector.</summary>
public static class WireFormat
{
    public static void Holds<T>(T value, string hex) where T : IWireFormat<T>
    {
        var octets = Bytes.FromHex(hex).Span.ToArray();

        var output = new ArrayBufferWriter<byte>();
        value.Write(new ByteWriter(output));
        Xunit.Assert.Equal(new Bytes(octets), new Bytes(output.WrittenMemory));

        Xunit.Assert.Equal(value, ReadWhole<T>(octets));

        for (var length = 0; length < octets.Length; length++)
            Xunit.Assert.ThrowsAny<WireFormatException>(() => ReadWhole<T>(octets.AsSpan(..length)));

        Xunit.Assert.ThrowsAny<WireFormatException>(() => ReadWhole<T>([.. octets, 0x00]));
    }

    public static T ReadWhole<T>(ReadOnlySpan<byte> octets) where T : IWireFormat<T>
    {
        var reader = new ByteReader(octets);
        var value = T.Read(ref reader);
        reader.ReadEnd(typeof(T).Name);
        return value;
    }
}
