// Memory for large activations, kept for the next one of about the same size.
//
// A forward pass takes and frees the same few sizes again and again. From the C library each would be a mapping of its own,
// whose pages the system clears every time, or, from its heap, a hole that the next block of the same size may just miss.
#include "include/ct_device.h"

#include <c10/core/CPUAllocator.h>

#if defined(__linux__)
#include <sys/mman.h>

#include <list>
#include <mutex>
#include <unordered_map>
#endif

#include "guard.hpp"

using namespace ct;

#if defined(__linux__)
namespace {

/// Blocks from the system, mapped by themselves and kept after use.
class BlockCache final : public c10::Allocator {
  public:
    /// Has libtorch take its memory from here. It lives as long as the process: tensors may be freed until its end.
    static void install() {
        if (shared) return;
        shared = new BlockCache(c10::GetDefaultCPUAllocator());
        c10::SetCPUAllocator(shared);
    }

    c10::DataPtr allocate(size_t count) override {
        if (count < smallest) return small->allocate(count);
        void *block = take(rounded(count));
        // The usual allocator says what there is to say where memory is out.
        if (!block) return small->allocate(count);
        return {block, block, &BlockCache::release, c10::Device(c10::DeviceType::CPU)};
    }

    c10::DeleterFnPtr raw_deleter() const override { return &BlockCache::release; }

    void copy_data(void *to, const void *from, size_t count) const override {
        default_copy_data(to, from, count);
    }

  private:
    explicit BlockCache(c10::Allocator *small) : small(small) {}

    struct Block {
        void *data;
        size_t size;
    };

    static constexpr size_t smallest = 1 << 20;
    /// Bytes that are kept at most.
    static constexpr size_t limit = size_t(1) << 30;

    /// The one cache: libtorch gives a block back by its address alone.
    static BlockCache *shared;

    c10::Allocator *small;
    std::mutex mutex;
    /// Sizes of those in use.
    std::unordered_map<void *, size_t> used;
    /// Those that nobody uses, the one freed last in front.
    std::list<Block> unused;
    size_t unusedBytes = 0;

    /// Whole pages, in steps of an eighth at most, so that sizes that differ little share blocks.
    static size_t rounded(size_t count) {
        size_t step = smallest / 16;
        while (step * 16 <= count) step *= 2;
        return (count + step - 1) / step * step;
    }

    /// A block that is at most a quarter too large, or a new one; null where there is no memory.
    void *take(size_t size) {
        std::lock_guard<std::mutex> guard(mutex);
        auto best = unused.end();
        for (auto block = unused.begin(); block != unused.end(); ++block) {
            if (block->size < size || block->size > size + size / 4) continue;
            if (best == unused.end() || block->size < best->size) best = block;
        }
        Block block{nullptr, size};
        if (best != unused.end()) {
            block = *best;
            unused.erase(best);
            unusedBytes -= block.size;
        } else if (!(block.data = map(size))) {
            shrink(0);
            block.data = map(size);
        }
        if (block.data) used[block.data] = block.size;
        return block.data;
    }

    static void *map(size_t size) {
        void *data = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return data == MAP_FAILED ? nullptr : data;
    }

    static void release(void *data) {
        if (!shared->keep(data)) shared->small->raw_deallocate(data);
    }

    /// Keeps a block for its next user; false for one that the usual allocator gave.
    bool keep(void *data) {
        std::lock_guard<std::mutex> guard(mutex);
        auto found = used.find(data);
        if (found == used.end()) return false;
        unused.push_front({data, found->second});
        unusedBytes += found->second;
        used.erase(found);
        shrink(limit);
        return true;
    }

    /// Gives back those that were not used for longest, until no more than `bytes` are kept.
    void shrink(size_t bytes) {
        while (unusedBytes > bytes) {
            Block block = unused.back();
            unused.pop_back();
            unusedBytes -= block.size;
            munmap(block.data, block.size);
        }
    }
};

BlockCache *BlockCache::shared = nullptr;

}  // namespace
#endif

ct_status ct_keep_freed_memory(void) {
    return guard([] {
#if defined(__linux__)
        BlockCache::install();
#endif
    });
}
