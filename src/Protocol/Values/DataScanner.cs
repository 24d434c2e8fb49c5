using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Unicode;

namespace OrleansSync.Protocol;

/// <summary>
/// One pass over a JSON text that checks every rule of protocol §2 and copies what is significant. Iterative, so that no depth overflows the stack;
/// its own, because the platform's reader lets lone surrogates, duplicate names and U+0000 pass.
/// </summary>
internal ref partial struct DataScanner
{
    private const int FrameLimit = 64;

    private static readonly SearchValues<byte> EndsOfRun = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(b => (byte)b), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _json;
    private readonly DataRules _rules;
    private readonly int _maxDepth;
    private readonly byte[] _text;
    private NameStack _names;
    private Frames _frames;
    private int _depth;
    private int _at;
    private int _length;

    public DataScanner(ReadOnlySpan<byte> json, DataRules rules)
    {
        _json = json;
        _rules = rules;
        _maxDepth = rules.MaxDepth > 0 ? rules.MaxDepth : DataRules.DefaultMaxDepth;
        _text = ArrayPool<byte>.Shared.Rent(json.Length);
        _names = new NameStack();
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_text);
        _names.Dispose();
    }

    public byte[] Run()
    {
        if (_json.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            throw Malformed("a byte order mark is not allowed");
        if (!Utf8.IsValid(_json))
            throw Malformed("the text is not valid UTF-8");

        SkipSpace();
        if (!_rules.AnyValue && Peek() != '{')
            throw Malformed("a JSON object is expected");
        Value();
        while (_depth > 0)
            Member(ref _frames[_depth - 1]);
        SkipSpace();
        if (_at < _json.Length)
            throw Malformed("nothing may follow the value");
        if (_rules.MaxBytes > 0 && _length > _rules.MaxBytes)
            throw new RefusedException(Codes.TooLarge, $"The data is {_length} bytes, at most {_rules.MaxBytes} are allowed.");
        return _text.AsSpan(0, _length).ToArray();
    }

    private void Member(ref Frame frame)
    {
        SkipSpace();
        if (Peek() == frame.End)
        {
            Close(ref frame);
            return;
        }
        if (frame.Count++ > 0)
        {
            Take(',', "a comma or the end of the object or array is expected");
            SkipSpace();
        }
        if (frame.IsObject)
            Name(ref frame);
        Value();
    }

    private void Value()
    {
        SkipSpace();
        var first = Peek();
        if (_depth > 0)
            CheckOperand(_frames[_depth - 1].Operation, first);
        switch (first)
        {
            case '{' or '[': Open(first); break;
            case '"': Text(); break;
            case '-' or (>= '0' and <= '9'): Number(); break;
            case 't': Literal("true"u8); break;
            case 'f': Literal("false"u8); break;
            case 'n': Literal("null"u8); break;
            default: throw Malformed("a value is expected");
        }
    }

    private void Open(int bracket)
    {
        if (_depth >= _maxDepth)
            throw new RefusedException(Codes.TooDeep, $"The JSON is nested deeper than {_maxDepth} at byte {_at}.");

        var isObject = bracket == '{';
        var allowed = isObject && _rules.AllowOperations && (_depth == 0 || _frames[_depth - 1].OperationsBelow);
        _frames[_depth] = new Frame
        {
            IsObject = isObject,
            OperationsBelow = allowed,
            MayBeOperation = allowed && _depth > 0,
            Names = _names.Mark(),
        };
        _depth++;
        Copy(1);
    }

    private void Close(ref Frame frame)
    {
        if (frame.IsObject && _names.CloseObject(frame.Names))
            throw Malformed("the object that ends here has a member twice");
        _depth--;
        Copy(1);
    }

    private void Name(ref Frame frame)
    {
        if (Peek() != '"')
            throw Malformed("a member name is expected");

        var start = _length;
        Text();
        var name = _names.Add(_text.AsSpan(start + 1, _length - start - 2));
        if (name.IsEmpty)
            throw Malformed("a member name is empty");
        if (frame.Operation != default)
            throw Malformed("a field operation is the only member of its object");
        if (name[0] == '$')
            Reserved(ref frame, name);
        SkipSpace();
        Take(':', "a colon is expected");
    }

    private void Literal(ReadOnlySpan<byte> word)
    {
        if (!_json[_at..].StartsWith(word))
            throw Malformed("a value is expected");
        Copy(word.Length);
    }

    private readonly int Peek() => _at < _json.Length ? _json[_at] : -1;

    private void Take(char expected, string orElse)
    {
        if (Peek() != expected)
            throw Malformed(orElse);
        Copy(1);
    }

    private void SkipSpace()
    {
        while (_at < _json.Length && _json[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
            _at++;
    }

    private void Copy(int count)
    {
        _json.Slice(_at, count).CopyTo(_text.AsSpan(_length));
        _at += count;
        _length += count;
    }

    private readonly RefusedException Malformed(string why) =>
        new(Codes.Malformed, $"The JSON is malformed at byte {_at}: {why}.");

    /// <summary>An object or array that is open.</summary>
    private struct Frame
    {
        public bool IsObject;
        public bool MayBeOperation;
        public bool OperationsBelow;
        public FieldOperation Operation;
        public int Count;
        public NameStack.Place Names;

        public readonly int End => IsObject ? '}' : ']';
    }

    [InlineArray(FrameLimit)]
    private struct Frames
    {
        private Frame _first;
    }
}
