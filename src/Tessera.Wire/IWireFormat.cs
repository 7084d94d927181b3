namespace Tessera.Wire;

/// <summary>A value with exactly one encoding: what <see cref="Write"/> emits, <see cref="Read"/> accepts.</summary>
public interface IWireFormat<TSelf> where TSelf : IWireFormat<TSelf>
{
    static abstract TSelf Read(ref ByteReader reader);

    void Write(ByteWriter writer);
}
