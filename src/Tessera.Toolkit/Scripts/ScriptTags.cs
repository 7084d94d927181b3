namespace Tessera.Toolkit.Scripts;

/// <summary>Tags of scripts and answers: ETSI TS 102 226 §5.2, and our own (docs/protocols/script.md).</summary>
internal static class ScriptTags
{
    public const byte Executed = 0x80;
    public const byte BadFormat = 0x90;
    public const byte CardCommand = 0x22;
    public const byte CardAnswer = 0x23;
    public const byte Script = 0xAA;
    public const byte Answer = 0xAB;
    public const byte Head = 0xC0;
    public const byte Short = 0xC1;
    public const byte Expect = 0xC2;
    public const byte Input = 0xC3;
    public const byte ShownDigest = 0xC4;
    public const byte Pick = 0xC5;
    public const byte CachedList = 0xC6;
    public const byte ToolkitResult = 0xC7;
    public const byte Stopped = 0xC8;
    public const byte InitializeAnswer = 0xC9;
    public const byte Profile = 0xCA;
    public const byte FieldVersions = 0xCB;
    public const byte Sign = 0xCC;
    public const byte Application = 0xCD;
    public const byte ListVersions = 0xCE;
    public const byte Payment = 0xCF;
    public const byte Toolkit = 0xD0;
    public const byte Login = 0xD7;
    public const byte Print = 0xD8;
    public const byte Sealed = 0xD9;
    public const byte Branches = 0xE1;
    public const byte Branch = 0xE2;
    public const byte Opening = 0xE3;
    public const byte Announcement = 0xE4;
    public const byte LoginNotice = 0xE5;
}
