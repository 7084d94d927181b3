namespace Tessera.Phone.Modems.Coding;

/// <summary>GF(2^m): polynomials over one bit modulo a primitive polynomial whose root is x.</summary>
internal sealed class GaloisField
{
    private readonly byte[] _power;
    private readonly byte[] _log;
    private readonly byte[] _product;
    private readonly int _bits;

    private GaloisField(int bits, int polynomial)
    {
        Order = (1 << bits) - 1;
        _power = new byte[2 * Order];
        _log = new byte[1 << bits];
        var value = 1;
        for (var exponent = 0; exponent < Order; exponent++)
        {
            _power[exponent] = _power[exponent + Order] = (byte)value;
            _log[value] = (byte)exponent;
            value <<= 1;
            if (value > Order) value ^= polynomial;
        }

        _bits = bits;
        _product = new byte[1 << (2 * bits)];
        for (var a = 1; a <= Order; a++)
        {
            for (var b = 1; b <= Order; b++) _product[(a << bits) | b] = _power[_log[a] + _log[b]];
        }
    }

    /// <summary>
    /// x^8 + x^4 + x^3 + x^2 + 1, the field of the QR code and of most Reed-Solomon codes over octets.
    /// </summary>
    public static GaloisField Octets { get; } = new(8, 0x11D);

    /// <summary>x^3 + x + 1.</summary>
    public static GaloisField Tribits { get; } = new(3, 0x0B);

    /// <summary>How many elements are not zero.</summary>
    public int Order { get; }

    public byte Multiply(byte a, byte b) => _product[(a << _bits) | b];

    /// <exception cref="DivideByZeroException"><paramref name="b"/> is zero.</exception>
    public byte Divide(byte a, byte b)
    {
        if (b == 0) throw new DivideByZeroException();
        return a == 0 ? (byte)0 : _power[_log[a] + Order - _log[b]];
    }

    /// <summary>The root to a power from -<see cref="Order"/> to its double.</summary>
    public byte Power(int exponent) => _power[(exponent + Order) % Order];
}
